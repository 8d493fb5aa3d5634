"""What Qt paints by itself, in the colours of a theme: the palette and the only style sheet."""

from PySide6.QtGui import QPalette

from visualnn.gui.theme.tokens import Theme


def palette(theme: Theme) -> QPalette:
    """The theme for what Qt paints by itself."""
    role = QPalette.ColorRole
    names = {
        "canvas": (role.Window, role.Base),
        "panel": (role.AlternateBase, role.ToolTipBase),
        "raised": (role.Button, role.Midlight),
        "text": (role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.BrightText),
        "text3": (role.PlaceholderText,),
        "accent": (role.Highlight, role.Link, role.Accent),
        "onaccent": (role.HighlightedText,),
        "line": (role.Mid, role.Dark),
    }
    result = QPalette()
    for name, roles in names.items():
        for each in roles:
            result.setColor(each, theme.color(name))
    for each in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, each, theme.color("text3"))
    return result


def style_sheet(theme: Theme) -> str:
    """The application's only style sheet: what is made of Qt's own widgets."""
    sheet = STYLE_SHEET
    for role in sorted(theme, key=len, reverse=True):
        sheet = sheet.replace(f"@{role}", str(theme[role]))
    return sheet


STYLE_SHEET = """
QToolTip { background: @raised; color: @text; border: 1px solid @line2; padding: 5px 8px; font-size: 13px; }
QMenu { background: @raised; color: @text; border: 1px solid @line2; border-radius: 10px; padding: 6px; }
QMenu::item { height: 32px; padding: 0 18px 0 12px; border-radius: 6px; background: transparent; }
QMenu::item:selected { background: @hover; }
QMenu::item:disabled { color: @text3; }
QMenu::icon { padding-left: 10px; }
QMenu::separator { height: 1px; background: @line; margin: 6px 8px; }
QMenu::indicator { width: 16px; height: 16px; left: 8px; }
QLineEdit, QPlainTextEdit, QTextEdit { background: @raised; color: @text; border: 1px solid @line2; border-radius: 8px;
    padding: 0 10px; min-height: 30px; selection-background-color: @accent; selection-color: @onaccent; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid @accent; padding: 0 9px; min-height: 28px; }
QLineEdit[wrong="true"] { border: 2px solid @bad; padding: 0 9px; min-height: 28px; }
QLineEdit[kind="bare"], QLineEdit[kind="bare"]:focus { background: transparent; border: none; padding: 0; }
QLineEdit[kind="pill"] { background: @panel; border: 2px solid @accent; border-radius: 16px; padding: 0 10px;
    min-height: 28px; }
QLineEdit[kind="pill"][wrong="true"] { border-color: @bad; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 12px; } QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: @line2; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; } QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @line3; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollArea { background: transparent; border: none; }
QDialog, QMessageBox { background: @panel; }
QMessageBox QLabel { color: @text; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton { background: @raised; color: @text; border: 1px solid @line2; border-radius: 8px; padding: 0 14px;
    min-height: 30px; font-size: 13px; font-weight: 600; }
QPushButton:hover { background: @hover; } QPushButton:disabled { color: @text3; }
QPushButton:focus { border: 2px solid @accent; padding: 0 13px; min-height: 28px; }
QPushButton:default { background: @accent; color: @onaccent; border-color: @accent; }
QPushButton:default:focus { border-color: @text; }
"""
