import type { Document } from "./filter.ts"
import type { Settings } from "./settings.ts"
import { valuesOf } from "./values.ts"
import { distance, fold, prefixDistance, type Word, wordsOf } from "./words.ts"

/** One thing that is searched: a word with what may stand for it, or a phrase. */
export interface Term {
  /** Each is a row of words that must follow each other; the first is what was typed. */
  alternatives: string[][]
  phrase: boolean
  /** The last word, when the query does not go on behind it: may be the beginning of a longer one. */
  prefix: boolean
}

/** A query as it is searched. */
export interface Query {
  terms: Term[]
  /** Words that must not be there. */
  without: string[][]
}

/** Where a term was found. */
export interface Found {
  typos: number
  exact: boolean
  attribute: number
  position: number
  /** How many words the field has there. */
  words: number
  /** Pieces of texts, to be highlighted. */
  pieces: { attribute: string; value: number; from: number; to: number }[]
}

/** @source https://www.meilisearch.com/docs/resources/internals/prefix, and `phrase_search`, `stop-words`, `synonyms` */
export function readQuery(q: string, settings: Settings): Query {
  const terms: Term[] = []
  const without: string[][] = []
  const stop = new Set(settings.stopWords.map(fold))
  const parts = [...q.matchAll(/(-?)"([^"]*)"?|(\S+)/g)].slice(0, 10)
  for (const [index, [whole, minus, quoted, bare]] of parts.entries()) {
    if (quoted !== undefined) {
      const words = wordsOf(quoted).map((it) => it.text)
      if (words.length === 0) continue
      if (minus) without.push(words)
      else terms.push({ alternatives: [words], phrase: true, prefix: false })
      continue
    }
    const negative = bare?.startsWith("-") && bare.length > 1
    const words = wordsOf(bare ?? "").map((it) => it.text)
    if (negative) {
      without.push(words)
      continue
    }
    const last = index === parts.length - 1 && q.endsWith(whole) && settings.prefixSearch !== "disabled"
    for (const [at, word] of words.entries()) {
      if (stop.has(word)) continue
      terms.push({ alternatives: [[word]], phrase: false, prefix: last && at === words.length - 1 })
    }
  }
  return { terms: withSynonyms(terms, settings), without }
}

/** Up to three words in a row may have synonyms. */
function withSynonyms(terms: Term[], { synonyms }: Settings): Term[] {
  const wordsIn = (text: string) => wordsOf(text).map((it) => it.text)
  const known = Object.entries(synonyms).map(([key, others]) => ({ key: wordsIn(key), others: others.map(wordsIn) }))
  const found: Term[] = []
  for (let at = 0; at < terms.length; ) {
    const row = [3, 2, 1]
      .map((length) => terms.slice(at, at + length))
      .find((some) => {
        const text = some.map((it) => it.alternatives[0]?.join(" ")).join(" ")
        return some.every((it) => !it.phrase) && known.some(({ key }) => key.join(" ") === text)
      })
    const own = (row ?? [terms[at] as Term]).flatMap((it) => it.alternatives[0] ?? [])
    const others = row ? (known.find(({ key }) => key.join(" ") === own.join(" "))?.others ?? []) : []
    const last = (row ?? [terms[at] as Term]).at(-1) as Term
    found.push({
      alternatives: [own, ...others.filter((it) => it.length > 0)],
      phrase: last.phrase,
      prefix: last.prefix,
    })
    at += row?.length ?? 1
  }
  return found
}

/** The texts of a document that are searched, cut into words. */
export type Texts = { attribute: string; weight: number; value: number; words: Word[] }[]

export function textsOf(document: Document, searchable: readonly string[], only?: readonly string[]): Texts {
  const all = searchable.includes("*") ? Object.keys(document) : searchable
  return all.flatMap((attribute, weight) => {
    if (only && !only.includes(attribute)) return []
    return valuesOf(document, attribute).values.flatMap((it, value) =>
      typeof it === "string" || typeof it === "number"
        ? [{ attribute, weight, value, words: wordsOf(String(it)) }]
        : [],
    )
  })
}

/** How many typos a word may have. */
function allowance(word: string, { typoTolerance }: Settings): number {
  const { enabled, minWordSizeForTypos, disableOnWords, disableOnNumbers } = typoTolerance
  if (!enabled || disableOnWords.map(fold).includes(word)) return 0
  if (disableOnNumbers && /^\d+$/.test(word)) return 0
  if (word.length >= minWordSizeForTypos.twoTypos) return 2
  return word.length >= minWordSizeForTypos.oneTypo ? 1 : 0
}

/** Finds the best place of a term in a document; undefined when it is not there. */
export function find(term: Term, texts: Texts, settings: Settings): Found | undefined {
  let best: Found | undefined
  const consider = (found: Omit<Found, "pieces">, piece: Found["pieces"][number]) => {
    const pieces = [...(best?.pieces ?? []), piece]
    const better =
      !best ||
      found.typos < best.typos ||
      (found.typos === best.typos && (found.attribute < best.attribute || (found.exact && !best.exact)))
    best = better ? { ...found, pieces } : { ...(best as Found), pieces }
  }
  for (const { attribute, weight, value, words } of texts) {
    const strict = settings.typoTolerance.disableOnAttributes.includes(attribute)
    for (const [nth, alternative] of term.alternatives.entries()) {
      const fuzzy = !term.phrase && nth === 0 && alternative.length === 1
      for (const word of words) {
        if (!fuzzy) {
          const row = words.slice(word.position, word.position + alternative.length)
          const last = row.at(-1)
          if (!last || row.length < alternative.length || row.some((it, i) => it.text !== alternative[i])) continue
          const found = {
            typos: nth === 0 ? 0 : 1,
            exact: nth === 0,
            attribute: weight,
            position: word.position,
            words: words.length,
          }
          consider(found, { attribute, value, from: word.from, to: last.to })
          continue
        }
        const hit = single(
          alternative[0] ?? "",
          word,
          term.prefix,
          strict ? 0 : allowance(alternative[0] ?? "", settings),
        )
        if (!hit) continue
        const found = { ...hit, attribute: weight, position: word.position, words: words.length }
        consider(found, { attribute, value, from: word.from, to: word.from + hit.length })
      }
    }
  }
  return best
}

function single(query: string, word: Word, prefix: boolean, allowed: number) {
  const whole = word.to - word.from
  if (word.text === query) return { typos: 0, exact: true, length: whole }
  if (prefix && word.text.startsWith(query)) return { typos: 0, exact: false, length: Math.min(query.length, whole) }
  if (allowed === 0) return undefined
  // A wrong first letter counts twice.
  const extra = word.text[0] === query[0] ? 0 : 1
  const typos = distance(query, word.text, allowed) + extra
  if (typos <= allowed) return { typos, exact: false, length: whole }
  if (!prefix) return undefined
  const begun = prefixDistance(query, word.text, allowed) + extra
  return begun <= allowed ? { typos: begun, exact: false, length: whole } : undefined
}

/** Whether one of the forbidden words or phrases is in the texts. */
export function hasAny(without: string[][], texts: Texts): boolean {
  return without.some((phrase) =>
    texts.some(({ words }) => words.some((word) => phrase.every((part, i) => words[word.position + i]?.text === part))),
  )
}
