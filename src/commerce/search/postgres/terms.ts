import type { Sql, TransactionSql } from "postgres"
import type { SearchQuery } from "../engine.ts"
import { SEARCHED_FIELDS, type SearchedField } from "../fields.ts"
import type { Matcher } from "../highlight.ts"
import { dictionary, type SearchSettings } from "../settings.ts"
import { codeOf, fold, wordsOf } from "../words.ts"
import { CODE_MARKS, FIELD_MARKS, isSpelt } from "./row.ts"
import { allOf, anyOf, isSame, leavesOf, NOTHING, type Tree } from "./tree.ts"
import { ANY_WEIGHT, type Leaf, WEIGHT_BITS, type Weight } from "./word-index.ts"

/** Nobody searches by more; what is longer is a mistake or an attack, and is cut. */
const MOST_WORDS = 12
const MOST_CHARACTERS = 500
const MOST_NEAR = 8
const MOST_FORMS = 20

/** A query's text as it is looked for. */
export interface Terms {
  /** What a product must have; undefined when the text has no words, and then everything is found. */
  match: Tree | undefined
  /** The words as they were typed; undefined when that is the same as `match`. */
  exact: Tree | undefined
  /** Every word that is looked for: how many of them a product has, and where, is its rank. */
  leaves: Leaf[]
  /** The text as a whole SKU or barcode. */
  code: Tree | undefined
  /** The text as titles stand in the index. */
  title: string
  /** Whether words that are known were left as they are: with no hits it is worth trying those beside them. */
  canWiden: boolean
  highlight: Matcher
}

/** What is known of a word that somebody typed. */
interface Known {
  known: boolean
  begins: boolean
  /** Empty for a word that says nothing in the shop's language. */
  stem: string | null
  forms: string[]
  near: string[]
}

/**
 * Reads what a shopper typed: takes words that say nothing away, adds synonyms, other forms of a word, and for words
 * that no product has those that look like them.
 *
 * @param widen  look beside known words too
 */
export async function readTerms(
  sql: Sql | TransactionSql,
  query: Pick<SearchQuery, "q" | "match" | "typos" | "searchOn">,
  settings: SearchSettings,
  widen: boolean,
): Promise<Terms> {
  const text = query.q.slice(0, MOST_CHARACTERS).replaceAll("\0", " ")
  const pieces = text.split(/\s+/).filter(Boolean)
  const typed = pieces.flatMap((piece, at) => wordsOf(piece).map((word) => ({ word, piece: at }))).slice(0, MOST_WORDS)
  const { stopWords, synonyms } = prepared(settings)
  const known = await lookUp(
    sql,
    [...new Set(typed.map((it) => it.word))].filter(isSpelt),
    settings,
    { typos: query.typos, last: query.match === "last" ? typed.at(-1)?.word : undefined },
    widen,
  )

  const says = typed.filter(({ word }) => !stopWords.has(word) && known.get(word)?.stem !== "")
  const tokens = says.length > 0 ? says : typed
  const fields = fieldsOf(query.searchOn)
  const highlight = { words: new Set<string>(), beginnings: [] as string[], codes: new Set<string>() }
  const leaf = (word: string, prefix: boolean) => {
    if (prefix) highlight.beginnings.push(word)
    else highlight.words.add(word)
    return inFields(word, prefix, fields)
  }
  const codeLeaf = (code: string) => {
    const found = (["skus", "barcodes"] as const)
      .filter((field) => fields.has(field))
      .map((field): Tree => ({ kind: "code", code: CODE_MARKS[field] + code }))
    if (found.length > 0) highlight.codes.add(code)
    return anyOf(found)
  }

  let canWiden = false
  const oneWord = (word: string, last: boolean) => {
    const about = known.get(word)
    const prefix = last && query.match === "last"
    // The beginning finds the whole word too; which of the two it was is a matter of `exact`.
    const found = [leaf(word, prefix && (word.length > 1 || tokens.length === 1))]
    for (const form of about?.forms ?? []) found.push(leaf(form, false))
    const missing = about !== undefined && !about.known && !(prefix && about.begins)
    if (query.typos && about && !missing && mostTypos(word) > 0) canWiden = true
    if (query.typos && about && (missing || widen)) {
      for (const near of nearest(word, about.near, prefix)) found.push(leaf(near, false))
    }
    return anyOf(found)
  }

  const nodes: (Tree | undefined)[] = []
  const exact: (Tree | undefined)[] = []
  let piece: { at: number; nodes: (Tree | undefined)[]; whole: boolean } | undefined
  const endPiece = () => {
    if (!piece) return
    const code = piece.whole ? codeLeaf(codeOf(pieces[piece.at] ?? "")) : undefined
    nodes.push(anyOf([allOf(piece.nodes), code]))
    piece = undefined
  }
  for (let i = 0; i < tokens.length; ) {
    const token = tokens[i] as { word: string; piece: number }
    const same = synonyms.find(({ words }) => words.every((word, j) => tokens[i + j]?.word === word))
    const length = same?.words.length ?? 1
    const words = tokens.slice(i, i + length)
    const isLast = i + length === tokens.length
    const own = allOf(words.map(({ word }, j) => oneWord(word, isLast && j === words.length - 1)))
    const others = (same?.others ?? []).map((other) => allOf(other.map((word) => leaf(word, false))))
    if (piece && piece.at !== token.piece) endPiece()
    piece ??= { at: token.piece, nodes: [], whole: true }
    if (words.some((word) => word.piece !== token.piece)) piece.whole = false
    piece.nodes.push(anyOf([own, ...others]))
    exact.push(...words.map(({ word }) => inFields(word, false, fields)))
    i += length
  }
  endPiece()
  const code = pieces.length > 0 ? codeLeaf(codeOf(text)) : undefined
  const join = query.match === "any" ? anyOf : allOf
  const match = anyOf([join(nodes), pieces.length > 1 || nodes.length === 0 ? code : undefined])
  const asTyped = join(exact)
  return {
    // Words that were only signs: no product has them.
    match: match ?? (pieces.length > 0 ? NOTHING : undefined),
    exact: isSame(asTyped, match) ? undefined : asTyped,
    leaves: leavesOf(match),
    code,
    title: wordsOf(text).join(" "),
    canWiden,
    highlight,
  }
}

async function lookUp(
  sql: Sql | TransactionSql,
  words: string[],
  settings: SearchSettings,
  query: { typos: boolean; last: string | undefined },
  widen: boolean,
): Promise<Map<string, Known>> {
  if (words.length === 0) return new Map()
  const rows = await sql<(Omit<Known, "near"> & { word: string })[]>`
    select asked.word, known.word is not null as known, begins, asked.stem,
      case when ${settings.language !== "simple"} and asked.stem <> '' then array(
        select form.word from mostrador.search_word form where form.stem = asked.stem and form.word <> asked.word
        order by 1 limit ${MOST_FORMS}) else '{}' end as forms
    from (
      select word, coalesce((ts_lexize(${dictionary(settings)}::regdictionary, word))[1], case
        when ts_lexize(${dictionary(settings)}::regdictionary, word) = '{}' then '' end) as stem,
        exists (select from mostrador.search_word longer
          where longer.word ~>=~ asked_word.word and longer.word ~<~ (asked_word.word || chr(65533))) as begins
      from unnest(${words}::text[]) asked_word (word)
    ) asked
    left join mostrador.search_word known on known.word = asked.word`
  const doubtful = rows.filter(({ word, known, begins }) => widen || !(known || (begins && word === query.last)))
  const near = query.typos
    ? await lookNear(
        sql,
        doubtful.map((it) => it.word).filter((it) => mostTypos(it) > 0),
      )
    : []
  const byWord = new Map(near.map((it) => [it.word, it.near]))
  return new Map(rows.map(({ word, ...it }) => [word, { ...it, near: byWord.get(word) ?? [] }]))
}

/** Known words that look like these: by their trigrams, of which short ones share too few, and by trying each slip. */
async function lookNear(sql: Sql | TransactionSql, words: string[]): Promise<{ word: string; near: string[] }[]> {
  if (words.length === 0) return []
  const asked = words.map((word) => ({ word, slips: mostTypos(word) === 1 ? slipsOf(word) : [] }))
  return await sql<{ word: string; near: string[] }[]>`
    select asked.word, array(
      (select near.word from mostrador.search_word near
        where near.word % asked.word and near.word <> asked.word and length(near.word) >= length(asked.word) - 2
        order by similarity(near.word, asked.word) desc, near.word limit 50)
      union
      select near.word from jsonb_array_elements_text(asked.slips) slip
      join mostrador.search_word near on near.word = slip.value) as near
    from jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) asked (word text, slips jsonb)`
}

const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"]

/** Everything that is one slip away from a word. */
function slipsOf(word: string): string[] {
  const slips = new Set<string>()
  const letters = [...word]
  for (let i = 0; i <= letters.length; i++) {
    const [before, after] = [letters.slice(0, i).join(""), letters.slice(i)]
    const [first = "", second = "", ...others] = after
    const rest = second + others.join("")
    if (first) slips.add(before + rest)
    if (second) slips.add(before + second + first + others.join(""))
    for (const letter of LETTERS) {
      if (first) slips.add(before + letter + rest)
      slips.add(before + letter + first + rest)
    }
  }
  slips.delete(word)
  return [...slips]
}

function fieldsOf(searchOn: string[] | undefined): Set<SearchedField> {
  const all = new Set<SearchedField>(SEARCHED_FIELDS)
  return searchOn?.length ? new Set([...all].filter((field) => searchOn.includes(field))) : all
}

/** A word as it stands in these fields. */
function inFields(word: string, begins: boolean, fields: Set<SearchedField>): Tree | undefined {
  const marks = Object.entries(FIELD_MARKS) as [SearchedField, { weight: Weight; prefix?: string }][]
  if (marks.every(([field]) => fields.has(field))) return { kind: "word", word, begins, weights: ANY_WEIGHT }
  // Fields without a prefix share their words.
  const weights = new Map<string, number>()
  for (const [field, { weight, prefix = "" }] of marks) {
    if (fields.has(field)) weights.set(prefix, (weights.get(prefix) ?? 0) | WEIGHT_BITS[weight])
  }
  return anyOf([...weights].map(([prefix, bits]) => ({ kind: "word", word: prefix + word, begins, weights: bits })))
}

/** One slip in a word of four letters, two from eight on: shorter words have too many neighbours. */
const mostTypos = (word: string) => {
  const letters = [...word].length
  return letters < 4 ? 0 : letters < 8 ? 1 : 2
}

/** Of words that look alike, those that are a slip of the fingers away, the nearest first. */
function nearest(word: string, candidates: string[], prefix: boolean): string[] {
  const most = mostTypos(word)
  return candidates
    .map((candidate) => {
      const whole = distance(word, candidate)
      // What is still being typed may be wrong too.
      const begun =
        prefix && candidate.length > word.length ? distance(word, candidate.slice(0, word.length)) + 0.5 : whole
      return { candidate, far: Math.min(whole, begun) }
    })
    .filter(({ far }) => far <= most + 0.5 && far > 0)
    .filter(({ far }) => Math.floor(far) <= most)
    .sort((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, MOST_NEAR)
    .map(({ candidate }) => candidate)
}

/** Letters put in, left out, changed, or swapped with their neighbour. */
export function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0
  for (let i = 1; i <= a.length; i++) {
    rows.push([i])
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, at(i - 2, j - 2) + 1)
      ;(rows[i] as number[]).push(least)
    }
  }
  return at(a.length, b.length)
}

interface Prepared {
  stopWords: Set<string>
  /** By their words, those with most of them first. */
  synonyms: { words: string[]; others: string[][] }[]
}

const cache = new WeakMap<SearchSettings, Prepared>()
function prepared(settings: SearchSettings): Prepared {
  const held = cache.get(settings)
  if (held) return held
  const synonyms = settings.synonyms.flatMap((group) => {
    const phrases = group.map(wordsOf).filter((words) => words.length > 0)
    return phrases.map((words) => ({ words, others: phrases.filter((other) => other !== words) }))
  })
  const made = {
    stopWords: new Set(settings.stop_words.map(fold)),
    synonyms: synonyms.sort((a, b) => b.words.length - a.words.length),
  }
  cache.set(settings, made)
  return made
}
