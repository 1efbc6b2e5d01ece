/** The rooms of ../shared/design.md: imports point down, and into a folder only through its index. */
module.exports = {
  forbidden: [
    {
      name: "no-circular",
      comment: "Two files that need each other are one file, or lack a third.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "commerce-knows-no-http",
      comment: "channels -> commerce -> platform: what is below does not import what is above.",
      severity: "error",
      from: { path: "^src/commerce/" },
      to: { path: ["^src/channels/", "^src/(app|main|server|shop|roles)\\.ts$", "node_modules/(hono|@hono)/"] },
    },
    {
      name: "platform-knows-no-trade",
      severity: "error",
      from: { path: "^src/platform/" },
      to: { path: ["^src/(channels|commerce)/", "^src/(app|main|server|shop|roles)\\.ts$"] },
    },
    {
      name: "medusa-stands-alone",
      comment:
        "src/medusa is used by commerce and platform, and uses nothing of ours but the configuration; what furnishes the demo shop does it by our verbs.",
      severity: "error",
      from: { path: "^src/medusa/", pathNot: "^src/medusa/demo-shop/seeding/desks\\.ts$" },
      to: { path: ["^src/(channels|commerce|platform)/", "^src/(app|main|server|shop|roles)\\.ts$"] },
    },
    {
      name: "commerce-through-the-index",
      comment: "A noun is entered by its index.ts, not by a file in it.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/commerce/" },
      to: { path: "^src/commerce/[^/]+/", pathNot: "^src/commerce/[^/]+/index\\.ts$" },
    },
    {
      name: "commerce-through-each-others-index",
      comment: "But a table may refer to another noun's: drizzle-kit reads table files, and can load nothing else.",
      severity: "error",
      from: { path: "^src/commerce/([^/]+)/", pathNot: "\\.sql\\.ts$" },
      to: { path: "^src/commerce/[^/]+/", pathNot: ["^src/commerce/$1/", "^src/commerce/[^/]+/index\\.ts$"] },
    },
    {
      name: "one-process-environment",
      comment: "Medusa's libraries cost seconds to load: only what runs inside Medusa may import them.",
      severity: "error",
      from: {
        path: "^src/",
        pathNot: "^src/(medusa/demo-shop/(seed|seeding)|admin|api)",
      },
      to: { path: "node_modules/@medusajs/" },
    },
    {
      name: "not-to-unresolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
}
