"""Pictures from the clipboard, and files dropped anywhere on the page, go into its file uploader."""

from ui.components import register

_component = register.register_component(__file__)


def paste_into_uploader(key: str) -> None:
    """Listen on the page, which holds one `st.file_uploader`; nothing is shown."""
    _component(key=key, data={})
