"""Content types of the files that we give, by their ending."""

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
TABLES = {"xlsx": XLSX, "csv": CSV}
PAPERS = {"pdf": PDF, "docx": DOCX}
