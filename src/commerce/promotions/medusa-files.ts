import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { compileFunction } from "node:vm"

/** What a CommonJS file exports, by name. */
export type Exports = Record<string, unknown>

/**
 * Runs single files of Medusa's packages, apart from those that Medusa herself may have loaded in this process. Where
 * they ask for an index of hundreds of files, the framework with its database among them, they get a stand-in that has
 * what they use of it.
 *
 * @param standIns  by the path of the index; may be filled between one `run` and the next
 * @returns `run`, which gives what the file of a path exports. It is run once, as are those beside it that it asks for
 * @throws when a file asks for a package, or for a name of a stand-in, that is not there: a new version of Medusa has to
 *         be looked at before it computes anything
 */
export function filesOfMedusa(standIns: ReadonlyMap<string, Exports>): (path: string) => Exports {
  const found = new Map<string, Exports>()
  return run

  function run(path: string): Exports {
    const known = found.get(path)
    if (known) return known
    const exports: Exports = {}
    found.set(path, exports)
    const source = readFileSync(path, "utf8")
    const requireFrom = createRequire(path)
    const require = (request: string): unknown => {
      const resolved = requireFrom.resolve(request)
      const standIn = standIns.get(resolved)
      if (standIn) {
        const missing = namesUsed(source, request).find((name) => !(name in standIn))
        if (missing) throw new Error(`${path} uses ${missing} of ${request}, and its stand-in has none`)
        return standIn
      }
      if (request.startsWith(".")) return run(resolved)
      if (light.has(request)) return requireFrom(request)
      throw new Error(`${path} asks for ${request}, and nobody has said that it is light`)
    }
    compileFunction(source, ["exports", "require"], { filename: path })(exports, require)
    return exports
  }
}

const light = new Set(["bignumber.js"])

/** What a file uses of what it requires as `const math_1 = require("../math")`: its later `math_1.MathBN`. */
function namesUsed(source: string, request: string): string[] {
  const requires = [...source.matchAll(/\bconst (\w+) = require\("(.+?)"\)/g)]
  const variable = requires.find(([, , required]) => required === request)?.[1]
  if (!variable) throw new Error(`What a file uses of ${request} cannot be told`)
  return [...source.matchAll(new RegExp(`\\b${variable}\\.(\\w+)`, "g"))].map(([, name = ""]) => name)
}
