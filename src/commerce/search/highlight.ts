import type { SearchDocument, SearchQuery } from "./engine.ts"
import { SEARCHED_FIELDS } from "./fields.ts"
import { codeOf, wordsAt } from "./words.ts"

/** Which words of a text are matches: whole words, words that begin so, and whole codes; all folded. */
export interface Matcher {
  words: ReadonlySet<string>
  beginnings: readonly string[]
  codes: ReadonlySet<string>
}

const SNIPPET_WORDS = 30
/** Medusa's. */
export const DEFAULT_HIGHLIGHT = { pre_tag: "<mark>", post_tag: "</mark>" }

/**
 * The texts of a document with their matches in tags. Every searched field that was asked for and has a text is there,
 * whether it has a match or not, so that a page can show it either way.
 */
export function highlight(
  document: SearchDocument,
  matcher: Matcher,
  { fields = [...SEARCHED_FIELDS], pre_tag, post_tag, snippet_words }: NonNullable<SearchQuery["highlight"]>,
): Record<string, string | string[]> {
  const matches = (word: string) =>
    matcher.words.has(word) || matcher.beginnings.some((beginning) => word.startsWith(beginning))
  const mark = (text: string): string => {
    if (matcher.codes.has(codeOf(text))) return pre_tag + text + post_tag
    const words = wordsAt(text)
    const hits = words.filter((it) => matches(it.word))
    const cut = snippet_words === undefined ? undefined : snippet(words, hits[0], snippet_words || SNIPPET_WORDS)
    const from = cut?.from ?? 0
    const to = cut?.to ?? text.length
    let marked = from > 0 ? "…" : ""
    let at = from
    for (const hit of hits) {
      if (hit.from < from || hit.to > to) continue
      marked += text.slice(at, hit.from) + pre_tag + text.slice(hit.from, hit.to) + post_tag
      at = hit.to
    }
    return marked + text.slice(at, to) + (to < text.length ? "…" : "")
  }
  const found: Record<string, string | string[]> = {}
  for (const field of fields) {
    const value = (document as unknown as Record<string, unknown>)[field]
    if (!(SEARCHED_FIELDS as readonly string[]).includes(field)) continue
    if (typeof value === "string") found[field] = mark(value)
    else if (Array.isArray(value) && value.length > 0) found[field] = value.map((it) => mark(String(it)))
  }
  return found
}

/** So many words around the first match; all of the text when it has no more. */
function snippet(words: ReturnType<typeof wordsAt>, hit: { from: number } | undefined, length: number) {
  if (words.length <= length) return undefined
  const middle = Math.max(
    0,
    words.findIndex((it) => it.from === hit?.from),
  )
  const first = Math.max(0, Math.min(middle - Math.floor(length / 3), words.length - length))
  const last = words[first + length - 1]
  return {
    from: first === 0 ? 0 : (words[first]?.from ?? 0),
    to: first + length >= words.length ? undefined : last?.to,
  }
}
