"""What macOS is told about the program. Standard library only: bundle.spec writes it, the tests read it."""

from __future__ import annotations

from typing import Any

NAME = "VisualNN"
APP = f"{NAME}.app"
# The project owns no domain to turn around. Both must never change: settings of the system, such as which program opens
# a file, hang on them.
IDENTIFIER = "visualnn.VisualNN"
FILE_TYPE = "visualnn.network"
SUFFIX, MIME_TYPE = "vnn", "application/x-visualnn+zip"
APP_ICON, FILE_ICON = "VisualNN.icns", "network.icns"  # what icons.py makes
OLDEST = "14.0"  # the oldest macOS that the Qt of requirements.lock runs on


def plist(version: str) -> dict[str, Any]:
    """The Info.plist, but for what PyInstaller writes by itself: the names of the program and of its icon."""
    return {
        "CFBundleIdentifier": IDENTIFIER,
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "CFBundleDevelopmentRegion": "en",
        "CFBundleDocumentTypes": [_document()],
        "UTExportedTypeDeclarations": [_type()],
        "LSApplicationCategoryType": "public.app-category.education",
        "LSMinimumSystemVersion": OLDEST,
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": "© 2026 The VisualNN authors. MIT License.",
        "NSPrincipalClass": "NSApplication",
        "NSRequiresAquaSystemAppearance": False,  # dark where the system is dark
    }


def _document() -> dict[str, Any]:
    """Which files the program opens: a double click in the Finder starts it."""
    return {
        "CFBundleTypeName": "VisualNN network",
        "CFBundleTypeRole": "Editor",
        "CFBundleTypeIconFile": FILE_ICON,
        "LSHandlerRank": "Owner",
        "LSItemContentTypes": [FILE_TYPE],
    }


def _type() -> dict[str, Any]:
    """What such a file is. It is a zip inside, but nobody wants it unpacked by a double click."""
    return {
        "UTTypeIdentifier": FILE_TYPE,
        "UTTypeDescription": "VisualNN network",
        "UTTypeConformsTo": ["public.data", "public.composite-content"],
        "UTTypeIconFile": FILE_ICON,
        "UTTypeTagSpecification": {"public.filename-extension": [SUFFIX], "public.mime-type": [MIME_TYPE]},
    }
