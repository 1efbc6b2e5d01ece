let built: Promise<string> | undefined

/**
 * The browser's modules in one file, with the source in it, so that a browser's tools show it as it was written. Made
 * once, when the page is opened for the first time.
 *
 * @param entry  absolute
 */
export function bundle(entry: string): Promise<string> {
  built ??= build(entry).catch((error) => {
    built = undefined
    throw error
  })
  return built
}

async function build(entry: string): Promise<string> {
  // Only who opens the page needs it.
  const esbuild = await import("esbuild")
  try {
    const { outputFiles } = await esbuild.build({
      ...{ entryPoints: [entry], bundle: true, write: false, format: "esm", target: "es2022", charset: "utf8" },
      ...{ sourcemap: "inline", jsx: "automatic", jsxImportSource: "hono/jsx/dom", logLevel: "silent" },
    })
    return outputFiles.map((it) => it.text).join("")
  } finally {
    // It is a process of its own.
    await esbuild.stop()
  }
}
