"""What a card says about a file: its name, where it lies, when it was changed."""

from datetime import date, datetime
from pathlib import Path


def describe(path: str, today: date | None = None) -> tuple[str, str, str]:
    """Name, folder and day of a file; the day is empty if the file cannot be asked."""
    place = Path(path)
    try:
        changed = datetime.fromtimestamp(place.stat().st_mtime).date()
    except (OSError, OverflowError, ValueError):
        return place.stem, short_folder(place.parent), ""
    return place.stem, short_folder(place.parent), day(changed, today or date.today())


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
