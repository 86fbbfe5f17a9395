"""Tables as the files that officials keep: XLSX, CSV and DOCX."""
