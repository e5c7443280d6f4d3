import { server, token } from '../settings.js'
import { ParkFrame } from './park-frame.js'

const card = document.getElementById('card')
const say = (value) => (card.textContent = JSON.stringify(value, null, 1))
const park = new ParkFrame(document.querySelector('iframe'), server, token ? { token, lang: 'zh' } : { lang: 'zh' })

park.on('pick', (picked) => {
  park.ask('select', { gids: picked ? [picked.gid] : [] }).catch(say)
  if (picked) park.ask('properties', { gid: picked.gid }).then(say, say)
})
park.on('error', say)
document.getElementById('home').onclick = () => park.ask('flyTo', { view: 'home' }).catch(say)
await park.ask('hello').catch(say)
// For the console, and for the test that drives this page.
window.park = park
