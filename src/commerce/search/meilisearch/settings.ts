import { isDeepStrictEqual } from "node:util"
import type { Meilisearch, Settings } from "meilisearch"
import { SEARCHED_FIELDS, SHOWN_FIELDS, searchField } from "../fields.ts"
import { errorCodeOf } from "./connection.ts"
import { follow } from "./tasks.ts"

/** What the merchant decides of the words of the index. */
export interface Words {
  stop_words: readonly string[]
  /** Groups of words, or of several words, that mean the same. */
  synonyms: readonly (readonly string[])[]
}

export const NO_WORDS: Words = { stop_words: [], synonyms: [] }

/** Values of a facet that are counted; beyond them, the rarest are left out. */
export const MOST_FACET_VALUES = 1_000

const CODES: readonly string[] = ["skus", "barcodes"]

/** `price` stands for the prices in every currency. */
const withPrice = (can: "filterable" | "sortable") =>
  SHOWN_FIELDS.filter((name) => name === "price" || searchField(name)?.[can]).sort()

/**
 * The settings of the product index: they stand here and nowhere else, so that every index has them.
 *
 * - Codes are not searchable: Meilisearch takes every word for the beginning of another and forgives slips. They are
 *   found by a filter on the whole of them (see `requests.ts`).
 * - `sort` comes first: who asks for the cheapest gets the cheapest, and by relevance only where that is the same.
 * - `id:asc` comes last, so that the same search has the same order on every page.
 *
 * @source https://www.meilisearch.com/docs/reference/api/settings
 */
export function indexSettings({ stop_words, synonyms }: Words): Settings {
  return {
    searchableAttributes: SEARCHED_FIELDS.filter((name) => !CODES.includes(name)),
    displayedAttributes: ["*"],
    filterableAttributes: withPrice("filterable"),
    sortableAttributes: withPrice("sortable"),
    rankingRules: ["sort", "words", "typo", "proximity", "attribute", "exactness", "id:asc"],
    stopWords: [...new Set(stop_words.map((it) => it.toLowerCase()))].sort(),
    synonyms: synonymsOf(synonyms),
    typoTolerance: {
      enabled: true,
      // One letter less than by default for two: a wrong first letter counts as two, and `sapatero` is a common slip.
      minWordSizeForTypos: { oneTypo: 5, twoTypos: 8 },
      disableOnWords: [],
      disableOnAttributes: CODES as string[],
      // A 2.4 m rod is no 2.5 m rod.
      disableOnNumbers: true,
    },
    // `Color:Azul` is two words.
    separatorTokens: [":"],
    nonSeparatorTokens: [],
    pagination: { maxTotalHits: 100_000 },
    faceting: { maxValuesPerFacet: MOST_FACET_VALUES, sortFacetValuesBy: { "*": "count" } },
  }
}

/** Each word of a group stands for all others of it. */
function synonymsOf(groups: Words["synonyms"]): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  for (const group of groups) {
    const words = [...new Set(group.map((it) => it.trim().toLowerCase()))]
    for (const word of words) found[word] = [...new Set([...(found[word] ?? []), ...words.filter((it) => it !== word)])]
  }
  return found
}

/**
 * Gives an index its settings where it has others: changing them makes Meilisearch index everything anew, which it does
 * behind the searches.
 *
 * @returns whether there was something to change
 */
export async function applySettings(
  client: Meilisearch,
  index: string,
  wanted: Settings,
  signal?: AbortSignal,
): Promise<boolean> {
  const present = await client.index(index).getSettings()
  const differs = Object.entries(wanted).filter(
    ([name, value]) => !isSame(name, present[name as keyof Settings], value),
  )
  if (differs.length === 0) return false
  await follow(client, await client.index(index).updateSettings(Object.fromEntries(differs)), signal)
  return true
}

const ORDERED = ["searchableAttributes", "rankingRules"]

/** Whether `present` says what `wanted` does; other lists are sets, and Meilisearch adds what its newer versions have. */
function isSame(name: string, present: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    const list = (it: unknown) => (Array.isArray(it) && !ORDERED.includes(name) ? [...it].sort() : it)
    return isDeepStrictEqual(list(present), list(wanted))
  }
  if (typeof wanted !== "object" || wanted === null) return present === wanted
  if (typeof present !== "object" || present === null) return false
  const [there, asked] = [present as Record<string, unknown>, wanted as Record<string, unknown>]
  // Words that are no longer synonyms must go.
  const names = name === "synonyms" ? [...new Set([...Object.keys(there), ...Object.keys(asked)])] : Object.keys(asked)
  return names.every((it) => isSame(`${name}.${it}`, there[it], asked[it]))
}

/** Makes an index where there is none. */
export async function ensureIndex(client: Meilisearch, index: string, signal?: AbortSignal): Promise<"made" | "there"> {
  try {
    await client.index(index).getRawInfo()
    return "there"
  } catch (error) {
    if (errorCodeOf(error) !== "index_not_found") throw error
  }
  await follow(client, await client.createIndex(index, { primaryKey: "id" }), signal)
  return "made"
}

/** Takes an index away where there is one. */
export async function removeIndex(client: Meilisearch, index: string, signal?: AbortSignal): Promise<void> {
  try {
    await client.index(index).getRawInfo()
  } catch (error) {
    if (errorCodeOf(error) === "index_not_found") return
    throw error
  }
  await follow(client, await client.deleteIndex(index), signal)
}
