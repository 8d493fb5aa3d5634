"""What a card says about a file: its name, where it lies, and when it was changed."""

from datetime import date, datetime
from pathlib import Path

from visualnn.catalog import SUFFIX


def describe(path: str, today: date | None = None) -> tuple[str, str, str]:
    """Name, folder and day of a file, with its ending where it is not our own; no day if the file cannot be asked."""
    place = Path(path)
    name = place.stem if place.suffix.lower() == SUFFIX else place.name
    try:
        changed = datetime.fromtimestamp(place.stat().st_mtime).date()
    except (OSError, OverflowError, ValueError):
        return name, short_folder(place.parent), ""
    return name, short_folder(place.parent), day(changed, today or date.today())


def short_folder(folder: Path) -> str:
    """The folder from the user's home on, by its first and its last two parts if it lies deep."""
    try:
        parts = ("~", *folder.relative_to(Path.home()).parts)
    except (ValueError, RuntimeError):
        parts = folder.parts
    if len(parts) > 4:
        parts = (parts[0], "…", *parts[-2:])
    return str(Path(*parts)) if parts else ""


def day(changed: date, today: date) -> str:
    """A day in words while it is near."""
    ago = (today - changed).days
    if ago <= 0:
        return "today"
    if ago == 1:
        return "yesterday"
    if ago < 7:
        return f"{ago} days ago"
    return changed.isoformat()
