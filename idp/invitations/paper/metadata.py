"""What the document says of itself, in XMP (ISO 16684-1), as an archive reads it."""

from datetime import datetime
from html import escape

# No date but that of the facts: the same facts give the same bytes on any day.
XMP = """\
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
    xmp:CreateDate="{at}" xmp:ModifyDate="{at}" xmp:MetadataDate="{at}"
    pdfaid:part="2" pdfaid:conformance="U">
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
   <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>"""


def xmp(*, title: str, author: str, language: str, at: datetime) -> str:
    """The packet's content for a document of PDF/A-2u (ISO 19005-2, section 6.6)."""
    return XMP.format(
        title=escape(title),
        author=escape(author),
        language=escape(language),
        at=at.isoformat(timespec="seconds"),
    )
