import { server, token } from '../settings.js'

const park = document.querySelector('park-viewer')
const card = document.getElementById('card')
let picked = null

const say = (value) => (card.textContent = typeof value === 'string' ? value : JSON.stringify(value, null, 1))
const trouble = ({ code, message }) => say(`${code}: ${message}`)

park.addEventListener('pick', ({ detail }) => {
  picked = detail?.gid ?? null
  park.select(picked ? [picked] : []).catch(trouble)
  if (picked) park.properties(picked).then(say, trouble)
})
park.addEventListener('error', ({ detail }) => trouble(detail))
document.getElementById('home').onclick = () => park.flyTo({ view: 'home' })
document.getElementById('night').onclick = () => park.setAttribute('theme', park.getAttribute('theme') === 'night' ? 'day' : 'night')
document.getElementById('isolate').onclick = () => park.isolate(picked).catch(trouble)
document.getElementById('colour').onclick = () => picked && park.colour(picked, '#ff4d4f').catch(trouble)
document.getElementById('picture').onclick = () => park.screenshot().then(({ png, width, height }) => say(`PNG ${width} × ${height}, ${png.size} bytes`), trouble)

// A page that knows its server writes <script type="module" src="https://park.example.org/embed/park-viewer.js"> instead.
park.setAttribute('src', server)
if (token) park.setAttribute('token', token)
await import(`${server}/embed/park-viewer.js`)
