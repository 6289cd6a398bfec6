"""Office documents: Office Open XML (ECMA-376) and OpenDocument (ISO/IEC 26300)."""
