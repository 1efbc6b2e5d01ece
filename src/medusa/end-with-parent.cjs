/**
 * Loaded into every Medusa process that we start, and into those that they fork: when the one that started it is gone,
 * however it went, the channel closes, and Medusa ends too instead of living on with a port and a database that the
 * next start needs. Plain JavaScript, so that no loader has to be up before it.
 */
if (process.send) process.once("disconnect", () => process.exit(0))
