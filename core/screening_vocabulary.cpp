#include "core/screening_vocabulary.hpp"

#include <algorithm>
#include <bit>
#include <functional>

#include "core/screening_words.hpp"

namespace entitywatch::screening {
namespace {

constexpr WordId vacant = ~WordId{0};

// Letters that are looked at when some are left out. Two words within k edits share what remains of their
// first seven letters after at most k of them are left out on either side (the symmetric deletion of
// SymSpell), so every spelling is found and long words cost no more than short ones.
constexpr std::size_t looked_at = 7;

std::size_t left_out_of(std::size_t size) { return size <= 2 ? 0 : size <= 6 ? 1 : 2; }

std::uint32_t key_of(std::string_view letters, std::uint64_t salt) {
  std::uint64_t hash = 0xcbf29ce484222325u ^ salt;
  for (const char c : letters) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  hash ^= hash >> 32;
  return static_cast<std::uint32_t>((hash * 0x9e3779b97f4a7c15u) >> 32);
}

std::vector<std::uint32_t> keys_of(std::string_view word) {
  std::vector<std::uint32_t> out;
  const std::string_view head = word.substr(0, looked_at);
  out.push_back(key_of(head, 0));
  std::string rest;
  for (std::size_t i = 0; left_out_of(word.size()) >= 1 && i < head.size(); ++i) {
    rest.assign(head).erase(i, 1);
    out.push_back(key_of(rest, 0));
    for (std::size_t j = i; left_out_of(word.size()) >= 2 && j < rest.size(); ++j) {
      std::string less = rest;
      less.erase(j, 1);
      out.push_back(key_of(less, 0));
    }
  }
  for (const LetterJ j : {LetterJ::as_y, LetterJ::as_zh})
    if (const std::string sound = sound_of(word, j); !sound.empty()) out.push_back(key_of(sound, 1));
  if (const std::string sound = short_sound_of(word); !sound.empty()) out.push_back(key_of(sound, 2));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

std::size_t Vocabulary::slot_of(std::string_view word) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = std::hash<std::string_view>{}(word)&mask;
  while (slots_[at] != vacant && this->word(slots_[at]) != word) at = (at + 1) & mask;
  return at;
}

void Vocabulary::grow() {
  slots_.assign(std::max<std::size_t>(64, slots_.size() * 2), vacant);
  for (WordId id = 0; id < size(); ++id) slots_[slot_of(word(id))] = id;
}

WordId Vocabulary::add(std::string_view word) {
  if (slots_.size() < 2 * size() + 2) grow();
  WordId& slot = slots_[slot_of(word)];
  if (slot == vacant) {
    slot = static_cast<WordId>(size());
    text_ += word;
    starts_.push_back(static_cast<std::uint32_t>(text_.size()));
    return static_cast<WordId>(size() - 1);
  }
  return slot;
}

void Vocabulary::finish() {
  text_.shrink_to_fit();
  starts_.shrink_to_fit();
  std::vector<Spelling> all;
  for (WordId id = 0; id < size(); ++id)
    for (const std::uint32_t key : keys_of(word(id))) all.push_back({key, id});
  const int bits = std::clamp(static_cast<int>(std::bit_width(all.size() / 2)), 1, 28);
  bucket_shift_ = 32 - bits;
  bucket_starts_.assign((std::size_t{1} << bits) + 1, 0);
  for (const Spelling& s : all) ++bucket_starts_[(s.key >> bucket_shift_) + 1];
  for (std::size_t b = 1; b < bucket_starts_.size(); ++b) bucket_starts_[b] += bucket_starts_[b - 1];
  spellings_.resize(all.size());
  std::vector<std::uint32_t> next(bucket_starts_.begin(), bucket_starts_.end() - 1);
  for (const Spelling& s : all) spellings_[next[s.key >> bucket_shift_]++] = s;
}

std::optional<WordId> Vocabulary::find(std::string_view word) const {
  if (slots_.empty()) return std::nullopt;
  const WordId id = slots_[slot_of(word)];
  return id == vacant ? std::nullopt : std::optional(id);
}

std::string_view Vocabulary::word(WordId id) const {
  return std::string_view(text_).substr(starts_[id], starts_[id + 1] - starts_[id]);
}

std::vector<Alike> Vocabulary::alike(std::string_view word) const {
  std::vector<WordId> near;
  for (const std::uint32_t key : keys_of(word)) {
    const std::size_t bucket = key >> bucket_shift_;
    for (std::uint32_t i = bucket_starts_[bucket]; i < bucket_starts_[bucket + 1]; ++i)
      if (spellings_[i].key == key) near.push_back(spellings_[i].word);
  }
  std::sort(near.begin(), near.end());
  near.erase(std::unique(near.begin(), near.end()), near.end());
  const Likeness likeness(word);
  std::vector<Alike> out;
  for (const WordId id : near)
    if (const double value = likeness.to(this->word(id)); value > 0 && value < 1) out.push_back({id, value});
  return out;
}

std::size_t Vocabulary::memory_bytes() const {
  return text_.capacity() + 4 * (starts_.capacity() + slots_.capacity() + bucket_starts_.capacity()) +
         sizeof(Spelling) * spellings_.capacity();
}

}  // namespace entitywatch::screening
