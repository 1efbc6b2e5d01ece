import type { TransactionSql } from "postgres"
import { type ChangeFeed, keepInMemory } from "../../platform/changes/index.ts"
import type { Database } from "../../platform/db/index.ts"
import { noteIndexChange, takeIndexTurn } from "./turn.ts"

/** Languages whose word forms Postgres knows; `simple` leaves words as they are. */
export const SEARCH_LANGUAGES = [
  "simple",
  "catalan",
  "danish",
  "dutch",
  "english",
  "finnish",
  "french",
  "german",
  "hungarian",
  "italian",
  "norwegian",
  "portuguese",
  "romanian",
  "spanish",
  "swedish",
] as const
export type SearchLanguage = (typeof SEARCH_LANGUAGES)[number]

/** What a merchant decides of the search, whichever engine answers it. */
export interface SearchSettings {
  /** Whose singulars, plurals and genders are the same word. */
  language: SearchLanguage
  /** Words that a query need not have found, unless it has no others. */
  stop_words: string[]
  /** Groups of words, or of several words, that mean the same. */
  synonyms: string[][]
}

export const DEFAULT_SEARCH_SETTINGS: SearchSettings = {
  language: "simple",
  stop_words: (
    "a al con de del el en la las lo los o para por sin su un una unas unos y " + "and for from in of on or the to with"
  ).split(" "),
  synonyms: [],
}

/** The settings as every process of the shop has them in memory. */
export interface SettingsHolder {
  readonly value: SearchSettings
  /** Changes some of them. They hold when the feed has caught up with the commit. */
  write(tx: TransactionSql, change: Partial<SearchSettings>): Promise<SearchSettings>
}

/** Loads the settings and follows their changes. */
export async function loadSearchSettings({ sql }: Database, feed: ChangeFeed): Promise<SettingsHolder> {
  const held = await keepInMemory(feed, ["search_settings"], () => sql.begin((tx) => readSearchSettings(tx)))
  return {
    get value() {
      return held.value
    },
    async write(tx, change) {
      // Words that are being added have the old language, and are there when their turn is over; and of two admins
      // the second changes what the first has written.
      await takeIndexTurn(tx)
      const settings = { ...(await readSearchSettings(tx)), ...change }
      await tx`
        insert into mostrador.search_settings (id, value) values (1, ${JSON.stringify(settings)}::text::jsonb)
        on conflict (id) do update set value = excluded.value`
      await tx`
        update mostrador.search_word set stem = coalesce((ts_lexize(${dictionary(settings)}::regdictionary, word))[1], '')
        where stem is distinct from coalesce((ts_lexize(${dictionary(settings)}::regdictionary, word))[1], '')`
      await noteIndexChange(tx)
      return settings
    },
  }
}

/** Those that are in force; whoever writes by them has the index's turn. */
export async function readSearchSettings(tx: TransactionSql): Promise<SearchSettings> {
  const [row] = await tx<{ value: Partial<SearchSettings> }[]>`
    select value from mostrador.search_settings where id = 1`
  return { ...DEFAULT_SEARCH_SETTINGS, ...row?.value }
}

/** The Postgres dictionary of a language: makes a stem of a word, and nothing of a word that says nothing. */
export const dictionary = ({ language }: SearchSettings) =>
  language === "simple" ? "pg_catalog.simple" : `pg_catalog.${language}_stem`
