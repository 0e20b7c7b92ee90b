import { canonicalCode } from "../codes/read.ts"

/** What a code is searched by: its canonical form in small letters, since nobody types a SKU as it is printed. */
export const searchCode = (text: string): string => canonicalCode(text).toLowerCase()
