"""The reader: text comes in, `derive.language.syntax.Document` goes out.

`read_document` reads a file, `read_expression` and `read_statement` single pieces of LaTeX.  None of them raises for what
stands in the text; problems are `Diagnostic`s with their place.
"""

from derive.source.document import read_document, read_expression, read_statement, read_statements

__all__ = ["read_document", "read_expression", "read_statement", "read_statements"]
