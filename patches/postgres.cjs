/**
 * Mends postgres.js 3.4.9 after every install. When a connection is lost within a transaction, it writes to a socket that
 * is gone, which nothing can catch, and the process dies (porsager/postgres issues 1154 and 1208; the guard is that of
 * pull request 1209); and it gives the error of the lost query once more to the first query of the next connection.
 * Goes away with the first version that does neither.
 */
const fs = require("node:fs")
const path = require("node:path")

const MENDINGS = [
  [
    `  function nextWrite(fn) {
    const x = socket.write(chunk, fn)
`,
    `  function nextWrite(fn) {
    if (socket === null) {
      clearImmediate(nextWriteTimer)
      chunk = nextWriteTimer = null
      error(Errors.connection('CONNECTION_CLOSED', options, socket))
      return false
    }
    const x = socket.write(chunk, fn)
`,
  ],
  [
    `    closedTime = performance.now()
    hadError &&`,
    `    query = results = errorResponse = null
    closedTime = performance.now()
    hadError &&`,
  ],
]
const folder = path.join(__dirname, "../node_modules/postgres")
for (const file of ["src/connection.js", "cjs/src/connection.js"]) {
  const target = path.join(folder, file)
  let source = fs.readFileSync(target, "utf8")
  for (const [broken, mended] of MENDINGS) {
    if (source.includes(mended)) continue
    if (!source.includes(broken))
      throw new Error(`patches/postgres.cjs does not fit ${target}: another version is there`)
    source = source.replace(broken, mended)
  }
  fs.writeFileSync(target, source)
}
