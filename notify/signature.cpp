#include "notify/signature.hpp"

#include "core/text.hpp"
#include "notify/encoding.hpp"

namespace entitywatch::notify {

Result<std::string> webhook_key(std::string_view secret) {
  constexpr std::string_view prefix = "whsec_";
  const std::string text = text::trim(secret);
  // The secret itself stays out of the message.
  if (!text.starts_with(prefix))
    return fail(ErrorCode::invalid_config,
                "a webhook secret begins with whsec_, followed by base64 of 24 to 64 bytes");
  const auto key = base64_decode(std::string_view(text).substr(prefix.size()));
  if (!key) return fail(ErrorCode::invalid_config, "what follows whsec_ in the webhook secret is not base64");
  if (key->size() < 24 || key->size() > 64)
    return fail(ErrorCode::invalid_config,
                "the webhook secret holds " + std::to_string(key->size()) + " bytes: 24 to 64 are needed");
  return *key;
}

std::string webhook_signature(const std::vector<std::string>& keys, std::string_view id,
                              std::int64_t timestamp, std::string_view body) {
  std::string signed_content;
  signed_content.reserve(id.size() + body.size() + 16);
  signed_content.append(id).append(".").append(std::to_string(timestamp)).append(".").append(body);
  std::string out;
  for (const std::string& key : keys)
    out += (out.empty() ? "v1," : " v1,") + base64_encode(hmac_sha256(key, signed_content));
  return out;
}

}  // namespace entitywatch::notify
