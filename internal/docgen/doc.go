// Package docgen turns HTML into PDF with the Chromium that is installed on the machine.
//
// A document is written by html/template, so that everything in it is escaped; Style gives the page: A4 with the margins of
// GB/T 9704 or narrower ones, page numbers outside on odd and even pages, a running header per section. QR gives a code as an
// inline picture. Print hands the document to a fresh browser with a folder of its own and an empty environment, which may not
// reach any host (the document forbids scripts and foreign sources as well), waits for the PDF, and kills the browser when it
// takes too long or too much memory. Documents are printed one after another; those that wait form a queue of limited length.
//
// Chromium is not part of the program. When it is missing, Ready and Print return Unavailable "docgen.no_browser", whose
// sentence says what to install.
package docgen
