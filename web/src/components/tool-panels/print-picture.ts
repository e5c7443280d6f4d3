/** A sheet with a picture, its title, the time and north, handed to the browser's print dialog (which also writes PDF). */

export interface Sheet {
  title: string
  note: string
  /** The letter at the north arrow. */
  north: string
  /** Which way the picture looks, radians clockwise from north. */
  heading: number
}

const STYLE = `
@page { size: landscape; margin: 10mm; }
* { box-sizing: border-box; }
body { margin: 0; font: 11pt/1.4 'Noto Sans SC', sans-serif; color: #17233a; }
figure { margin: 0; display: flex; flex-direction: column; height: 100vh; }
img { flex: 1; min-height: 0; width: 100%; object-fit: contain; border: 0.3mm solid #b9c5d4; }
figcaption { display: flex; align-items: center; gap: 6mm; padding-top: 3mm; }
h1 { flex: 1; margin: 0; font-size: 15pt; }
svg { width: 12mm; height: 12mm; }`

/** Print; resolves when the dialog was opened. The sheet is a frame of its own and goes when printing has ended. */
export async function printPicture(picture: Blob, { title, note, north, heading }: Sheet): Promise<void> {
  const url = URL.createObjectURL(picture)
  const frame = document.createElement('iframe')
  frame.setAttribute('aria-hidden', 'true')
  frame.style.cssText = 'position:fixed;right:0;bottom:0;width:0;height:0;border:0'
  document.body.append(frame)
  const page = frame.contentDocument as Document
  const style = page.createElement('style')
  style.textContent = STYLE
  page.head.append(style)
  page.title = title
  const figure = page.createElement('figure')
  const image = page.createElement('img')
  image.alt = title
  image.src = url
  const caption = page.createElement('figcaption')
  const head = page.createElement('h1')
  head.textContent = title
  const told = page.createElement('span')
  told.textContent = note
  caption.append(head, told, northArrow(page, north, heading))
  figure.append(image, caption)
  page.body.append(figure)
  await image.decode()
  const done = (): void => {
    frame.remove()
    URL.revokeObjectURL(url)
  }
  frame.contentWindow?.addEventListener('afterprint', done, { once: true })
  frame.contentWindow?.print()
}

function northArrow(page: Document, letter: string, heading: number): SVGSVGElement {
  const names = 'http://www.w3.org/2000/svg'
  const svg = page.createElementNS(names, 'svg')
  svg.setAttribute('viewBox', '-50 -50 100 100')
  const arrow = page.createElementNS(names, 'path')
  arrow.setAttribute('d', 'M0 -46 L14 20 L0 10 L-14 20 Z')
  arrow.setAttribute('transform', `rotate(${(-heading * 180) / Math.PI})`)
  arrow.setAttribute('fill', '#17233a')
  const text = page.createElementNS(names, 'text')
  text.textContent = letter
  text.setAttribute('y', '48')
  text.setAttribute('text-anchor', 'middle')
  text.setAttribute('font-size', '26')
  svg.append(arrow, text)
  return svg
}
