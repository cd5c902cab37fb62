/// The BCP 47 tags of the languages: English, then those of the Eighth Schedule by their tags, Manipuri in both its
/// scripts. The build script reads this list too: each tag has a catalogue in messages/.
pub(crate) const TAGS: [&str; 24] = [
    "en", "as", "bn", "brx", "doi", "gu", "hi", "kn", "kok", "ks", "mai", "ml", "mni-Beng", "mni-Mtei", "mr", "ne",
    "or", "pa", "sa", "sat", "sd", "ta", "te", "ur",
];
