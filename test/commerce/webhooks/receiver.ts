import http, { type IncomingHttpHeaders, type RequestListener, type ServerResponse } from "node:http"
import https from "node:https"
import type { AddressInfo } from "node:net"
import { Webhook } from "standardwebhooks"
import { expect } from "vitest"

/** A message as an integrator gets it, verified by the library that integrators use. */
export interface Heard {
  /** The event's id. */
  id: string
  type: string
  subject: string
  version: number | null
  /** All of the body. */
  body: { type: string; timestamp: string; data: Record<string, unknown> }
  headers: IncomingHttpHeaders
}

/** What an integrator's server does with a message; without an answer it hangs. */
export type Behaviour = (message: Heard, response: ServerResponse) => void | Promise<void>

/** An integrator's server at this machine, which can go away and come back. */
export interface Receiver {
  readonly url: string
  /** Messages that it has answered with 200, in that order. */
  taken: Heard[]
  /** All messages whose signature is good, whatever became of them. */
  heard: Heard[]
  /** Whose signature is not. */
  forged: number
  /** The most messages that were being dealt with at once, for one subject and in all. */
  readonly most: { ofOneSubject: number; inAll: number }
  behaviour: Behaviour
  /** As its owner has it; set it before the first message. */
  secret: string
  /** Nobody listens: connections are refused. */
  goAway(): Promise<void>
  comeBack(): Promise<void>
}

/** Takes everything. */
export const takes: Behaviour = (_, response) => void response.writeHead(200).end("thank you")
/** Takes nothing. */
export const refuses =
  (status: number, headers: http.OutgoingHttpHeaders = {}): Behaviour =>
  (_, response) =>
    void response.writeHead(status, headers).end("no")
/** Takes everything, but not at once. */
export const dawdles =
  (milliseconds: number): Behaviour =>
  (message, response) =>
    void setTimeout(() => takes(message, response), milliseconds)

/** @param tls  by HTTPS, with this certificate, which has to be one for `localhost` */
export async function openReceiver(tls?: { key: string; cert: string }): Promise<Receiver> {
  let server: http.Server
  let port = 0
  const now = new Map<string, number>()
  const most = { ofOneSubject: 0, inAll: 0 }

  async function listen(): Promise<void> {
    const answer: RequestListener = async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const text = Buffer.concat(chunks).toString()
      try {
        new Webhook(held.secret).verify(text, request.headers as Record<string, string>)
      } catch {
        held.forged++
        response.writeHead(401).end()
        return
      }
      const body = JSON.parse(text) as Heard["body"]
      const { id, subject, version } = body.data as { id: string; subject: { id: string }; version: number | null }
      const message = { id, type: body.type, subject: subject.id, version, body, headers: request.headers }
      expect(request.headers["webhook-id"]).toBe(id)
      held.heard.push(message)
      now.set(subject.id, (now.get(subject.id) ?? 0) + 1)
      most.ofOneSubject = Math.max(most.ofOneSubject, now.get(subject.id) ?? 0)
      most.inAll = Math.max(
        most.inAll,
        [...now.values()].reduce((sum, it) => sum + it, 0),
      )
      response.once("close", () => now.set(subject.id, (now.get(subject.id) ?? 0) - 1))
      response.once("finish", () => {
        if (response.statusCode === 200) held.taken.push(message)
      })
      await held.behaviour(message, response)
    }
    server = tls ? https.createServer(tls, answer) : http.createServer(answer)
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve))
    port = (server.address() as AddressInfo).port
  }

  const held: Receiver = {
    get url() {
      return tls ? `https://localhost:${port}/hook` : `http://127.0.0.1:${port}/hook`
    },
    ...{ taken: [], heard: [], forged: 0, most, behaviour: takes, secret: "" },
    async goAway() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
    comeBack: listen,
  }
  await listen()
  return held
}
