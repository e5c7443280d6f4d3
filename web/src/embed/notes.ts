/** Sentences at the lower edge of the widget, one a code: what is wrong now. A person can put each away; what is mended goes by itself. */
export class Notes {
  readonly element = document.createElement('div')
  private readonly shown = new Map<string, HTMLElement>()

  constructor() {
    this.element.className = 'notes'
    this.element.setAttribute('part', 'notes')
    this.element.setAttribute('role', 'status')
  }

  /** Say a sentence, in place of what the code said before. */
  say(code: string, sentence: string, close: string): void {
    const known = this.shown.get(code)
    if (known) {
      if (known.firstChild?.textContent !== sentence) known.firstChild?.replaceWith(words(sentence))
      return
    }
    const note = document.createElement('p')
    note.dataset.code = code
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = '×'
    button.setAttribute('aria-label', close)
    // Put away, the same trouble is not told again; the entry stays.
    button.onclick = () => note.remove()
    note.append(words(sentence), button)
    this.shown.set(code, note)
    this.element.append(note)
  }

  /** The trouble is over. */
  mended(...codes: string[]): void {
    for (const code of codes) {
      this.shown.get(code)?.remove()
      this.shown.delete(code)
    }
  }

  clear(): void {
    this.mended(...this.shown.keys())
  }
}

function words(sentence: string): HTMLElement {
  const span = document.createElement('span')
  span.textContent = sentence
  return span
}
