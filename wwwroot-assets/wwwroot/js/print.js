// Opens the browser's own print dialog; what is printed is decided by the print rules of the style sheet.
export function print() { window.print(); }
