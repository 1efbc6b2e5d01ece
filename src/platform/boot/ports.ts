import { createServer } from "node:net"
import { BootProblem } from "./problem.ts"

/**
 * Makes sure that a port can be listened on, before anything is begun.
 *
 * @param name  the variable that chooses it, for the message
 * @throws BootProblem
 */
export async function requireFreePort(name: string, port: number, host: string): Promise<void> {
  const problem = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    const server = createServer()
    server.once("error", resolve)
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
  if (!problem) return
  throw new BootProblem(
    problem.code === "EADDRINUSE"
      ? `Port ${port} is in use by another program. Stop that program, or choose another port with ${name}.`
      : `Port ${port} on ${host} cannot be listened on (${problem.code}). Choose another with ${name}, or another address with HOST.`,
  )
}
