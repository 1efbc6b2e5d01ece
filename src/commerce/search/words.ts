/** What stays a letter of its own when accents are taken off, by the letters that people type for it. */
const LETTERS: Record<string, string> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
}
const MOST_LETTERS = 64

/** Without case and accents: `Lámpara` and `LAMPARA` are the same to a shopper. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[ßæœøłđðþı]/g, (letter) => LETTERS[letter] ?? letter)
}

/**
 * The words of a text, folded: what is indexed, looked for and highlighted is cut by this one rule. It stands here and
 * not in Postgres (`unaccent`, its parser) because highlighting needs it on texts in memory, and since Postgres' parser
 * makes other things of `T-shirt`, `1/2` and `a.b` in a document than in a query.
 */
export function wordsOf(text: string): string[] {
  const words = fold(text).match(/[\p{L}\p{N}]+/gu) ?? []
  return words.map((word) => ([...word].length > MOST_LETTERS ? [...word].slice(0, MOST_LETTERS).join("") : word))
}

/** A SKU or barcode as it is compared: whole, whatever its case and outer blanks. */
export const codeOf = (text: string) => text.trim().toLowerCase().replace(/\s+/g, " ").slice(0, 200)

/** Where a text has its words: for highlighting. */
export function wordsAt(text: string): { word: string; from: number; to: number }[] {
  return [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].flatMap((match) => {
    const [word] = wordsOf(match[0])
    return word === undefined ? [] : [{ word, from: match.index, to: match.index + match[0].length }]
  })
}
