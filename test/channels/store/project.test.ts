import { expect, it } from "vitest"
import { compileProjection } from "../../../src/channels/store/project.ts"
import { selectable } from "../../../src/channels/store/selectable.ts"

const product = {
  id: "prod_1",
  title: "Jersey",
  metadata: null,
  type: { id: "ptyp_1", value: "Punto", secret: 1 },
  collection: null,
  tags: [{ id: "ptag_1", value: "lana", products: [] }],
  options: [
    { id: "opt_1", title: "Talla", values: [{ id: "v1", value: "L" }] },
    { id: "opt_2", title: "Color", values: [] },
  ],
}
const shape = {
  columns: ["id", "title", "metadata"],
  relations: {
    type: { columns: ["id", "value"] },
    collection: { columns: ["id", "title"] },
    tags: { columns: ["id", "value"] },
    options: { columns: ["id", "title"], relations: { values: { columns: ["id", "value"] } } },
  },
}
const project = (fields: string[], relations: string[] = [], withShape = true) =>
  compileProjection({ fields: new Set(fields), relations: new Set(relations) }, withShape ? shape : undefined)(product)

it("picks fields in the order in which they were asked for", () => {
  expect(JSON.stringify(project(["title", "id"]))).toBe('{"title":"Jersey","id":"prod_1"}')
  expect(project(["metadata", "id"])).toEqual({ metadata: null, id: "prod_1" })
})

it("picks of a relation only what was asked for, also in lists and relations within", () => {
  expect(project(["id", "type.id", "options.title", "options.values.value"])).toEqual({
    id: "prod_1",
    type: { id: "ptyp_1" },
    options: [
      { title: "Talla", values: [{ value: "L" }] },
      { title: "Color", values: [] },
    ],
  })
})

it("gives a whole relation all its columns, and no relation that was not asked for", () => {
  expect(project(["id"], ["tags", "type"])).toEqual({
    id: "prod_1",
    tags: [{ id: "ptag_1", value: "lana" }],
    type: { id: "ptyp_1", value: "Punto" },
  })
  expect(project(["id", "options.values.value"], ["options"])?.options).toEqual([
    { id: "opt_1", title: "Talla", values: [{ value: "L" }] },
    { id: "opt_2", title: "Color", values: [] },
  ])
})

it("without a shape takes a whole relation as it is", () => {
  expect(project(["id"], ["tags"], false)).toEqual({ id: "prod_1", tags: product.tags })
})

it("keeps a relation that is null, and leaves out, or in a list nulls, what has nothing of it", () => {
  expect(project(["id", "collection.title", "type.nothing", "options.nothing"])).toEqual({
    id: "prod_1",
    collection: null,
    options: [null, null],
  })
  expect(project(["nothing"])).toBeUndefined()
})

it("does not change what it picks from", () => {
  const before = structuredClone(product)
  project(["id", "options.title"], ["tags"])
  project(["id", "tags.value"], ["tags"], false)
  expect(product).toEqual(before)
})

it("drops what Medusa does not allow, and refuses what only Medusa has", () => {
  const select = selectable({
    defaults: ["id", "name", "*parent"],
    columns: ["id", "name"],
    relations: { parent: ["id", "name"] },
    elsewhere: ["products"],
  })
  const selected = (fields?: string) => {
    const it = select(fields)
    return it && [...it.fields, ...[...it.relations].map((relation) => `*${relation}`)]
  }
  expect(selected()).toEqual(["id", "name", "*parent"])
  expect(selected("name,secret,secret.x,*secret,parent.secret")).toEqual(["name", "id"])
  expect(selected("-parent")).toEqual(["id", "name"])
  expect(selected("parent.name")).toEqual(["parent.name", "id"])
  for (const fields of ["parent", "products", "*products", "+products.title", "parent.parent.name", "*name", "a.b.c"]) {
    expect([fields, selected(fields)]).toEqual([fields, undefined])
  }
})
