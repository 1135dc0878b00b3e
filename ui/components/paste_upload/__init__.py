"""Pictures from the clipboard, and files dropped anywhere on the page, go into its file uploader."""
