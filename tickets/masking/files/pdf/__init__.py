"""PDF documents (ISO 32000-2). The library that reads them is C++: it runs in a process of its own, within limits."""

from tickets.masking.files.pdf.apart import clean_pdf

__all__ = ["clean_pdf"]
