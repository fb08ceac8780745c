"""Keeps the Qt Linguist files of `resources/translations` in step with the texts in code, forms and data."""
