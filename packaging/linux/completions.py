"""What bash, zsh and fish complete after ``visualnn``: its commands and their options. Standard library only."""

from __future__ import annotations

from collections.abc import Iterator

from help import Manual


def bash(manual: Manual) -> str:
    """Of bash, for share/bash-completion/completions/visualnn."""
    cases = "".join(f"        {name}) options='{' '.join(options)}' ;;\n" for name, options in all_options(manual))
    return (
        "_visualnn() {\n"
        "    local options\n"
        '    case "${COMP_WORDS[1]}" in\n'
        f"{cases}"
        "    esac\n"
        "    if [[ $2 == -* ]]; then\n"
        '        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$2")\n'
        "    elif ((COMP_CWORD == 1)); then\n"
        f"        mapfile -t COMPREPLY < <(compgen -W '{' '.join(manual.commands)}' -- \"$2\")\n"
        "    fi\n"
        "}\n"
        "complete -o bashdefault -o default -F _visualnn visualnn\n"
    )


def zsh(manual: Manual) -> str:
    """Of zsh, for share/zsh/site-functions/_visualnn."""
    commands = " ".join(quoted(f"{name}:{purpose}") for name, purpose in manual.purposes.items())
    cases = ""
    for name, options in all_options(manual):
        words = " ".join(quoted(f"{option}[{bracketed(what)}]") for option, what in options.items())
        cases += f"    {name}) options=({words}) ;;\n"
    return (
        "#compdef visualnn\n"
        "local -a commands options\n"
        f"commands=({commands})\n"
        'case "${words[2]}" in\n'
        f"{cases}"
        "esac\n"
        "(( CURRENT == 2 )) && _describe command commands\n"
        "_arguments $options '*:file:_files'\n"
    )


def fish(manual: Manual) -> str:
    """Of fish, for share/fish/vendor_completions.d/visualnn.fish."""
    lines = [
        f"complete -c visualnn -n __fish_use_subcommand -a {name} -d {quoted(purpose)}"
        for name, purpose in manual.purposes.items()
    ]
    for name, options in all_options(manual):
        when = "__fish_use_subcommand" if name == "*" else f"'__fish_seen_subcommand_from {name}'"
        lines += [
            f"complete -c visualnn -n {when} -l {option.removeprefix('--')} -d {quoted(what)}"
            for option, what in options.items()
        ]
    return "".join(f"{line}\n" for line in lines)


def all_options(manual: Manual) -> Iterator[tuple[str, dict[str, str]]]:
    """(command, its options), and last those of the command alone, as “*”."""
    yield from ((name, said.options()) for name, said in manual.commands.items())
    yield "*", manual.main.options()


def quoted(text: str) -> str:
    """One word for all three shells; an apostrophe would need another way in each."""
    return "'" + text.replace("'", "’").replace("\\", "") + "'"


def bracketed(text: str) -> str:
    """Text within the brackets of zsh's _arguments."""
    return text.replace("[", "(").replace("]", ")").replace(":", "\\:")
