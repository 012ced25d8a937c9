"""The twelve tables of a disclosed budget: definitions as data, built from a budget's rows, written as XLSX, DOCX and PDF."""
