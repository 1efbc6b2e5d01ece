export interface Category {
  handle: string
  name: string
  description: string
  parent?: string
}

/** Parents come before their children: they are created in this order. */
export const CATEGORIES: Category[] = [
  { handle: "hogar", name: "Hogar", description: "Todo para vivir la casa sin prisas." },
  { handle: "moda", name: "Moda", description: "Ropa que dura, de tejidos que se dejan querer." },
  {
    handle: "despensa",
    name: "Despensa",
    description: "Sabores de productores pequeños, para la mesa y para regalar.",
  },
  { handle: "libros", name: "Libros", description: "Lecturas de casa, cocina y viaje, y alguna que otra novela." },
  {
    handle: "cocina",
    name: "Cocina y mesa",
    description: "Loza, madera y hierro para cocinar y servir.",
    parent: "hogar",
  },
  {
    handle: "textil",
    name: "Dormitorio y baño",
    description: "Lino, lana y algodón para cama y baño.",
    parent: "hogar",
  },
  {
    handle: "decoracion",
    name: "Decoración e iluminación",
    description: "Luz, cerámica y cestas que cambian un rincón.",
    parent: "hogar",
  },
  { handle: "mujer", name: "Mujer", description: "Prendas cómodas con caída y buen corte.", parent: "moda" },
  { handle: "hombre", name: "Hombre", description: "Básicos bien cosidos y algún capricho.", parent: "moda" },
  {
    handle: "complementos",
    name: "Complementos",
    description: "Calcetines, gorros y bolsos: llévate tres y paga dos.",
    parent: "moda",
  },
]

export const COLLECTIONS: Record<string, string> = {
  brisa: "Brisa de verano",
  raices: "Raíces",
  "casa-de-invierno": "Casa de invierno",
  basicos: "Básicos de siempre",
}

export const TYPES = ["Menaje", "Textil hogar", "Decoración", "Ropa", "Accesorios", "Alimentación", "Libros"]

export const TAGS = ["novedad", "hecho a mano", "algodón orgánico", "regalo", "edición limitada", "reciclado", "vegano"]
