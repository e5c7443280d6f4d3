/** What the examples show is told in their own address: ?server=http://127.0.0.1:8420&token=park_… */
const query = new URLSearchParams(location.search)
export const server = (query.get('server') ?? 'http://127.0.0.1:8420').replace(/\/$/, '')
export const token = query.get('token') ?? ''
