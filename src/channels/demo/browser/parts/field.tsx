import { useEffect, useRef, useState } from "hono/jsx/dom"

interface FieldProps {
  label: string
  button: string
  /** What is filled in for whoever stands here; another one replaces it, but nothing that somebody has typed. */
  given?: string
  name: string
  mode?: "text" | "numeric" | "decimal"
  isCode?: boolean
  /** What is wrong with what was typed: it is said beside the field, and not sent. */
  check?(value: string): string | undefined
  submit(value: string): void
}

/** One line to fill in, with its button. What is typed is the field's own until it is sent. */
export function Field({ label, button, given = "", name, mode = "text", isCode = false, check, submit }: FieldProps) {
  const input = useRef<HTMLInputElement>(null)
  const isTyped = useRef(false)
  const [problem, setProblem] = useState("")
  useEffect(() => {
    if (input.current && !isTyped.current) input.current.value = given
  }, [given])
  function typed(): void {
    isTyped.current = true
    setProblem("")
  }
  function send(event: Event): void {
    event.preventDefault()
    const value = input.current?.value.trim() ?? ""
    const wrong = value === "" ? undefined : check?.(value)
    setProblem(wrong ?? "")
    if (value === "" || wrong !== undefined) {
      input.current?.select()
      return
    }
    submit(value)
    // It is good once.
    if (isCode && input.current) {
      input.current.value = ""
      isTyped.current = false
    }
  }
  return (
    <form class="field" onSubmit={send}>
      <label for={`field-${name}`}>{label}</label>
      <div>
        <input
          ref={input}
          id={`field-${name}`}
          name={name}
          inputMode={mode}
          class={isCode ? "code" : ""}
          autocomplete="off"
          spellcheck={false}
          aria-invalid={problem === "" ? undefined : "true"}
          aria-describedby={`problem-${name}`}
          onInput={typed}
        />
        <button type="submit">{button}</button>
      </div>
      <p id={`problem-${name}`} class="problem" role="alert">
        {problem}
      </p>
    </form>
  )
}
