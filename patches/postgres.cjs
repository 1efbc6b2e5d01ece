/**
 * Mends postgres.js 3.4.9 after every install:
 *
 * - When a connection is lost within a transaction, it writes to a socket that is gone, which nothing can catch, and the
 *   process dies (porsager/postgres issues 1154 and 1208; the guard is that of pull request 1209). It dies, too, when a
 *   connection is lost while it asks for the array types.
 * - Of a lost connection it gives the error once more to the first query of the next one; or never writes again; or what
 *   was asked for between the socket's error and its end is waited for by the next connection, for ever.
 * - Of a reserved connection that is lost nobody hears: what is asked of it waits for ever, and given back it is taken for
 *   an open one. Who wants to reserve one while it is opened may wait for ever, or it is opened for nobody and lost to the
 *   pool.
 * - What a transaction asks for after its connection was lost is done on the next connection, in no transaction.
 * - A parameter that is none (undefined) fails the statement that is under way, which may be another's, and stays before
 *   those that come after it.
 * - A statement of more than 1 kB goes out at once, and the commit that is asked for in the same turn by itself.
 *
 * The tests of `test/platform/db` fail without any one mending but two: the write to a socket that is gone takes a moment
 * that they do not hit for certain, and the last is for speed. Goes away with the first version that does none of this.
 */
const fs = require("node:fs")
const path = require("node:path")

const MENDINGS = [
  [
    `      q.state = backend
      query
        ? sent.push(q)
        : (query = q, query.active = true)

      build(q)
      return write(toBuffer(q))
        && !q.describeFirst`,
    `      build(q)
      const bytes = toBuffer(q)
      q.state = backend
      query
        ? sent.push(q)
        : (query = q, query.active = true)

      return write(bytes)
        && !q.describeFirst`,
  ],
  [
    `    } catch (error) {
      sent.length === 0 && write(Sync)
      errored(error)
      return true
    }
  }

  function toBuffer(q) {`,
    `    } catch (error) {
      query || write(Sync)
      queryError(q, error)
      return true
    }
  }

  function toBuffer(q) {`,
  ],
  [
    `    if (fn || chunk.length >= 1024)
      return nextWrite(fn)`,
    `    if (fn || chunk.length >= 65536)
      return nextWrite(fn)`,
  ],
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
    `    if (initial)
      return reconnect()

    !hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))
    closedTime = performance.now()
`,
    `    if (initial && !query && !sent.length)
      return reconnect()

    ;(query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))
    query = results = errorResponse = chunk = nextWriteTimer = null
    closedTime = performance.now()
`,
  ],
  [
    `      if (needsTypes) {
        initial.reserve && (initial = null)
        return fetchArrayTypes()
      }

      initial && !initial.reserve && execute(initial)
      options.shared.retries = retries = 0
      initial = null
      return
`,
    `      if (needsTypes)
        return fetchArrayTypes().catch(noop)

      const first = initial
      initial = null
      options.shared.retries = retries = 0
      first.reserve ? first.reserve(connection) : execute(first)
      return
`,
  ],
]
/** Of `begin` and `reserve` in `index.js`; a connection has one listener for its end. */
const OF_RESERVED = [
  [
    `        queries.push(query)
        closed.length && connect(closed.shift(), query)
      })

    move(c, reserved)
    c.reserved =`,
    `        closed.length ? connect(closed.shift(), query) : queries.push(query)
      })

    move(c, reserved)
    c.reserved =`,
  ],
  [
    `      , prepare = null

    try {`,
    `      , prepare = null
      , lost = null

    try {`,
  ],
  [
    `        new Promise((_, reject) => connection.onclose = reject)`,
    `        new Promise((_, reject) => connection.onclose = e => {
          lost = e
          while (queries.length) queries.shift().reject(e)
          reject(e)
        })`,
  ],
  [
    `        q.catch(e => uncaughtError || (uncaughtError = e))
        c.queue === full`,
    `        q.catch(e => uncaughtError || (uncaughtError = e))
        if (lost) return q.reject(lost)
        c.queue === full`,
  ],
  [
    `    sql.release = () => {
      c.reserved = null
      onopen(c)
    }

    return sql

    function handler(q) {
      c.queue === full
`,
    `    let lost = null
    c.onclose = e => {
      lost = e
      while (queue.length) queue.shift().reject(e)
    }
    sql.release = () => {
      if (lost) return
      c.onclose = null
      c.reserved = null
      onopen(c)
    }

    return sql

    function handler(q) {
      if (lost) return q.reject(lost)
      c.queue === full
`,
  ],
]
const folder = path.join(__dirname, "../node_modules/postgres")
for (const [file, mendings] of [
  ["src/connection.js", MENDINGS],
  ["cjs/src/connection.js", MENDINGS],
  ["src/index.js", OF_RESERVED],
  ["cjs/src/index.js", OF_RESERVED],
]) {
  const target = path.join(folder, file)
  let source = fs.readFileSync(target, "utf8")
  for (const [broken, mended] of mendings) {
    if (source.includes(mended)) continue
    if (!source.includes(broken))
      throw new Error(`patches/postgres.cjs does not fit ${target}: another version is there`)
    source = source.replace(broken, mended)
  }
  fs.writeFileSync(target, source)
}
