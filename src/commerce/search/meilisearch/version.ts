import type { Meilisearch } from "meilisearch"

/**
 * Since 1.15 texts are compared and numbers can be kept from being taken for slips; since 1.17 `STARTS WITH` needs no
 * experimental flag.
 *
 * @source https://github.com/meilisearch/meilisearch/issues/5801
 */
const OLDEST = { major: 1, minor: 17 }

/** Meilisearch has to be updated. */
export class MeilisearchTooOld extends Error {
  constructor(version: string) {
    super(`Meilisearch ${version} is too old: ${OLDEST.major}.${OLDEST.minor} or newer is needed`)
  }
}

/** @throws MeilisearchTooOld; a version that is no number, as prototypes have, is taken for new enough */
export async function requireVersion(client: Meilisearch): Promise<void> {
  const { pkgVersion } = await client.getVersion()
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(pkgVersion) ?? []
  if (major === undefined) return
  const isOld = Number(major) === OLDEST.major ? Number(minor) < OLDEST.minor : Number(major) < OLDEST.major
  if (isOld) throw new MeilisearchTooOld(pkgVersion)
}
