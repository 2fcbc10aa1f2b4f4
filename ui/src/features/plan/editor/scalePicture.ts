import type { AppError, PickedPicture } from '../../../backend';
import type { Size } from './editing';

/** The longest side of a picture on a plan, in pixels. */
const SIDE_MAX = 1600;
/** The limit of the program for a stored picture. */
export const PICTURE_MAX_BYTES = 512 * 1024;
/** An SVG may say that it is as large as it likes, or nothing. */
const SVG_SIDE = 1600;
const SCALES = [1, 0.75, 0.5, 0.35];
const QUALITIES = [0.85, 0.7, 0.5];

/** A picture as it is stored: small enough, and a PNG or JPEG whatever was picked. */
export interface ScaledPicture extends Size {
  /** Base64. */
  data: string;
  /** For an `<img>`. */
  url: string;
}

const refusal = (code: AppError['code'], params: AppError['params']): AppError => ({ code, params });

export const sizeOfBase64 = (data: string): number => Math.floor((data.replace(/=+$/, '').length * 3) / 4);

/** The size in which a picture is drawn: its longest side is at most SIDE_MAX; an SVG is always drawn that large. */
export function targetSize(natural: Size, isSvg: boolean): Size {
  const { width, height } = natural.width && natural.height ? natural : { width: 4, height: 3 };
  const longest = Math.max(width, height);
  const factor = isSvg ? SVG_SIDE / longest : Math.min(1, SIDE_MAX / longest);
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

/** The first of the encodings that is small enough: PNG for drawings, JPEG for photographs, then smaller ones. */
export function smallEnough(encode: (scale: number, quality: number | null) => string): ScaledData | null {
  for (const scale of SCALES) {
    for (const quality of [null, ...QUALITIES]) {
      const url = encode(scale, quality);
      const data = url.slice(url.indexOf(',') + 1);
      if (sizeOfBase64(data) <= PICTURE_MAX_BYTES) return { url, data };
    }
  }
  return null;
}

type ScaledData = Pick<ScaledPicture, 'url' | 'data'>;

/**
 * Decodes the picked file as an image, in which no script runs and from which nothing is loaded, and draws it in the size
 * that is stored. So an SVG is never kept as one.
 */
export async function scalePicture({ kind, data }: PickedPicture): Promise<ScaledPicture> {
  const image = new Image();
  image.src = `data:image/${kind === 'svg' ? 'svg+xml' : kind};base64,${data}`;
  try {
    await image.decode();
  } catch {
    throw refusal('not_a_picture', { reason: 'other' });
  }
  const size = targetSize({ width: image.naturalWidth, height: image.naturalHeight }, kind === 'svg');
  const canvas = document.createElement('canvas');
  const found = smallEnough((scale, quality) => {
    canvas.width = Math.max(1, Math.round(size.width * scale));
    canvas.height = Math.max(1, Math.round(size.height * scale));
    const context = canvas.getContext('2d');
    if (!context) throw refusal('not_a_picture', { reason: 'other' });
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    try {
      return quality === null ? canvas.toDataURL('image/png') : canvas.toDataURL('image/jpeg', quality);
    } catch {
      // The web view doesn't let this drawing be read back.
      throw refusal('not_a_picture', { reason: 'other' });
    }
  });
  if (!found) throw refusal('picture_too_large', { reason: 'stored', max: PICTURE_MAX_BYTES });
  return { ...size, ...found };
}
