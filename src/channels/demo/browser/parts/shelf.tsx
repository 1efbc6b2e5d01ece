import type { Article } from "../api/shop.ts"
import { pictureOf } from "../context.ts"
import { money, words } from "../words.ts"

interface ShelfProps {
  articles: Article[]
  /** What happens to an article that is chosen: it is added, or scanned. */
  verb: string
  isScanned?: boolean
  choose(article: Article): void
}

/** Some articles, each a button. */
export function Shelf({ articles, verb, isScanned = false, choose }: ShelfProps) {
  return (
    <ul class="shelf" aria-label={words.shelf}>
      {articles.map((article) => (
        <li key={article.variant_id}>
          <button
            type="button"
            onClick={() => choose(article)}
            aria-label={`${verb}: ${article.title}`}
            title={article.title}
          >
            {isScanned ? (
              <span class="bars" />
            ) : (
              <img src={pictureOf(article.thumbnail)} alt="" width="72" height="72" loading="lazy" />
            )}
            <span class="title">{article.title}</span>
            {isScanned ? (
              <span class="number">{article.barcode}</span>
            ) : (
              <span class="price">{money(article.price, article.currency_code)}</span>
            )}
          </button>
        </li>
      ))}
    </ul>
  )
}
