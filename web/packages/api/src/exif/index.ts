export { exifTime, NOTHING, takenAt, type Exif, type ExifPlace } from './exif'
export { readExif } from './read'
export { withExif } from './write'
