"""Makes a picture small: 256 colours are enough for letters. The browser counts them, and this writes the file."""

import base64
import struct
import zlib

from playwright.async_api import Page

# The most frequent colours that are not too like each other; every other pixel takes the nearest of them.
COUNT = """async (picture) => {
  const image = new Image();
  image.src = "data:image/png;base64," + picture;
  await image.decode();
  const { width, height } = image;
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, width, height);
  const round = (at) => ((data[at] & 0xf8) << 16) | ((data[at + 1] & 0xf8) << 8) | (data[at + 2] & 0xf8);
  const counts = new Map(), means = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const colour = round(at);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
    if (!means.has(colour)) means.set(colour, [data[at], data[at + 1], data[at + 2]]);
  }
  const far = (a, b) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
  const chosen = [];
  for (const [colour] of [...counts].sort((a, b) => b[1] - a[1])) {
    const mean = means.get(colour);
    if (chosen.length < 256 && chosen.every((one) => far(one, mean) > 60)) chosen.push(mean);
  }
  const nearest = new Map();
  for (const [colour, mean] of means) {
    let best = 0;
    chosen.forEach((one, index) => { if (far(one, mean) < far(chosen[best], mean)) best = index; });
    nearest.set(colour, best);
  }
  const pixels = new Uint8Array(width * height);
  for (let at = 0; at < pixels.length; at++) pixels[at] = nearest.get(round(at * 4));
  let text = "";
  for (let at = 0; at < pixels.length; at += 32768) text += String.fromCharCode(...pixels.subarray(at, at + 32768));
  return { width, height, colours: chosen.flat(), pixels: btoa(text) };
}"""


async def small(page: Page, picture: bytes) -> bytes:
    """The same picture as a PNG with a palette."""
    counted = await page.evaluate(COUNT, base64.b64encode(picture).decode())
    width, height, pixels = counted["width"], counted["height"], base64.b64decode(counted["pixels"])
    rows = b"".join(b"\0" + pixels[at : at + width] for at in range(0, len(pixels), width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", bytes(counted["colours"])), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
