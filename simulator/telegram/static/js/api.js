/** The simulator's client calls: plain JSON, one error with words fit for a person. */

export class CallRefused extends Error {}

async function call(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (failure) {
    throw new CallRefused("The simulator does not answer.", { cause: failure });
  }
  const content = await answer.json().catch(() => null);
  if (!answer.ok) throw new CallRefused(content?.error ?? `The simulator answered ${answer.status}.`);
  return content;
}

export const get = (path, query = {}) => {
  const words = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined));
  return call("GET", words.size ? `${path}?${words}` : path);
};
export const post = (path, body = {}) => call("POST", path, body);
export const patch = (path, body) => call("PATCH", path, body);
export const remove = (path) => call("DELETE", path);

/** Follow the simulator's events; `opened` is called whenever the line is up, as events before it were missed. */
export function listen(handlers, opened, broken) {
  const source = new EventSource("/client/events");
  for (const [name, handler] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handler(JSON.parse(event.data)));
  }
  source.addEventListener("open", opened);
  source.addEventListener("error", broken);
}
