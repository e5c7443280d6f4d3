"""`panels.md`: panels, themes and commands of the web application, read from its registries."""

from __future__ import annotations

import re
from pathlib import Path

from tools.reference_text import code, table

WEB = Path(__file__).resolve().parents[1] / "web" / "src"


def read(path: str) -> str:
    """A source file of the web application."""
    return (WEB / path).read_text(encoding="utf-8")


def names(path: str, constant: str) -> list[str]:
    """The texts of `export const NAME = ['a', 'b'] as const`. Raises ValueError where it is not there."""
    found = re.search(rf"export const {constant}\b[^=]*=\s*\[(.*?)\]", read(path), re.DOTALL)
    if found is None:
        raise ValueError(f"web/src/{path} has no list {constant}")
    return re.findall(r"'([^']+)'", found.group(1))


def texts(language: str, block: str) -> dict[str, str]:
    """Plain texts of one block of a language's files. Raises ValueError where it is not there."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted((WEB / "i18n" / language).glob("*.ts")))
    found = re.search(rf"^  {block}: \{{(.*)\}},$", source, re.MULTILINE) or re.search(
        rf"^  {block}: \{{\n(.*?)^  \}},$", source, re.MULTILINE | re.DOTALL
    )
    if found is None:
        raise ValueError(f"web/src/i18n/{language}/ has no block {block}")
    body = found.group(1)
    return dict(re.findall(r"(\w+): ['\"]((?:[^'\"\\]|\\.)*)['\"]", body))


def keys() -> dict[str, str]:
    """Shortcut by command."""
    return dict(re.findall(r"id: '(\w+)', key: '([^']+)'", read("tools/commands.ts")))


def panels() -> list[str]:
    """Panel ids."""
    return names("panels/registry.ts", "PANEL_IDS")


def themes() -> list[str]:
    """Theme ids."""
    return names("tools/themes.ts", "THEME_IDS")


def page() -> str:
    """The page."""
    zh, en = (texts(language, "panel") for language in ("zh", "en"))
    theme_zh, theme_en = (texts(language, "theme") for language in ("zh", "en"))
    command_zh, command_en = (texts(language, "command") for language in ("zh", "en"))
    modules = dict(
        re.findall(
            r"(\w+): lazy\(async \(\) => \(\{ default: \(await import\('\./([\w-]+)'\)\)", read("panels/registry.ts")
        )
    )
    shortcut = keys()
    return "\n\n".join(
        [
            "# Panels, themes and commands of the web application",
            "## Panels of the wall",
            (
                "A panel is a lazy module named in `web/src/panels/registry.ts`; `web/src/screens/brain/layouts.ts` says where it"
                " stands. One that fails, or is unknown, is a visible error card."
            ),
            table(
                ["panel", "中文", "English", "module"],
                [
                    (
                        code(name),
                        zh.get(name, ""),
                        en.get(name, ""),
                        code(f"panels/{modules[name]}.tsx") if name in modules else "",
                    )
                    for name in panels()
                ],
            ),
            "## Themes of the stage",
            "A theme colours objects by the points of its kinds (`web/src/tools/themes.ts`). In the address: `/brain?theme=air`.",
            table(
                ["theme", "中文", "English"],
                [(code(name), theme_zh.get(name, ""), theme_en.get(name, "")) for name in themes()],
            ),
            "## Commands",
            table(
                ["command", "key", "中文", "English"],
                [
                    (
                        code(name),
                        code(shortcut.get(name, "").upper()),
                        command_zh.get(name, ""),
                        command_en.get(name, ""),
                    )
                    for name in names("tools/commands.ts", "COMMAND_IDS")
                ],
            ),
            "Further keys: `/` search, `?` help, `1`–`9` storeys, `Esc` leave the present state.",
        ]
    )
