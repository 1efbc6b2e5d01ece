/** A part of the reference, and the paths that stand in it. */
interface Section {
  name: string
  description: string
  paths: RegExp
}

/** In the order in which they are read. The last that fits has the route: what is narrower stands below. */
export const SECTIONS: Section[] = [
  {
    name: "Catalog",
    description: "Searching, scanning, and where a thing can be had.",
    paths: /^\/store\/(catalog|search|variants)(\/|$)/,
  },
  {
    name: "Products",
    description: "Products as Medusa shows them, with the caller's prices, and what they are sorted by.",
    paths: /^\/store\/(product|collections)/,
  },
  {
    name: "Carts",
    description:
      "A cart from its first line to its order. Every change answers with the whole cart, its version as `ETag`; `If-Match` makes a change for one version only, and with an `Idempotency-Key` it is made once, however often it is sent.",
    paths: /^\/store\/(carts|payment-collections|shipping-options|customers\/me\/cart)(\/|$)/,
  },
  {
    name: "Hand-over",
    description: "One cart from one device to the next, by a code or a QR.",
    paths: /^\/store\/(handoffs\/|carts\/\{id\}\/handoff$)/,
  },
  {
    name: "Orders",
    description:
      "What became of a cart: seen by its customer, and by who holds a token for it; canceled within the shop's policy.",
    paths: /^\/store\/(orders|policies)(\/|$)/,
  },
  {
    name: "Shop",
    description: "Where the shop sells, and in which money.",
    paths: /^\/store\/(regions|currencies)(\/|$)/,
  },
  {
    name: "Live",
    description:
      "What happens, as it happens: server-sent events that go on where a client has left off (`Last-Event-ID`), and the catalog for devices to keep.",
    paths: /^\/store\/.*\/(stream|stream-ticket|feed)$/,
  },
  { name: "Tills", description: "The shop's own counters.", paths: /^\/pos\// },
  { name: "Telephone", description: "The desk of who helps customers on the telephone.", paths: /^\/agent\// },
  {
    name: "Administration",
    description: "What a merchant decides, and sees, of the counter, beside Medusa's Admin API and with its log-ins.",
    paths: /^\/admin\/omnichannel\//,
  },
  {
    name: "Webhooks",
    description: "Where integrators are told of events, and what became of each.",
    paths: /^\/admin\/omnichannel\/webhooks/,
  },
  { name: "Hooks", description: "What others tell the shop of their own accord.", paths: /^\/hooks\// },
  {
    name: "Operations",
    description: "What those who run the shop ask one process. None of it needs a key, none of it tells of customers.",
    paths: /^\/(health|ready|metrics)$/,
  },
]

export const sectionOf = (path: string): string | undefined => SECTIONS.findLast((it) => it.paths.test(path))?.name
