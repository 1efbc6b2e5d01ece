import { TrieRouter } from "hono/router/trie-router"
import { medusaRoutes } from "../../medusa/routes.ts"

const router = new TrieRouter<string>()
for (const pattern of ["/health", "/static/*", ...medusaRoutes().map((route) => route.pattern)]) {
  router.add("GET", pattern, pattern)
}

/**
 * The pattern of the route by which Medusa will answer a path: for logs and metrics, which must have neither ids nor
 * an endless number of names.
 *
 * @param target  path and query, e.g. `/store/carts/cart_01/line-items?fields=id`
 * @returns e.g. `/store/carts/:id/line-items`, or `unmatched`
 */
export function medusaRoute(target: string): string {
  const end = target.indexOf("?")
  const path = end < 0 ? target : target.slice(0, end)
  const [found] = router.match("GET", path)
  const patterns = found.map(([pattern]) => pattern as unknown as string)
  // Where a literal and a parameter both fit (`/store/customers/me`), the literal is the one that Medusa takes.
  return patterns.sort((a, b) => a.split(":").length - b.split(":").length)[0] ?? "unmatched"
}
