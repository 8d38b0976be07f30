"""Every error name of Shopee's reference that a seller can meet, by family, and those that only say "later".

A family is told in one sentence (`errors/<family>` in the templates). Names stand as the platform spells
them, misspellings included, without the module in front where they have one.
"""

from adapters.kit.names import plain
from adapters.kit.refusals import Family, OrderRefusal, ParcelRefusal
from adapters.shopee import order_errors, parcel_errors

_BY_FAMILY: dict[Family, str] = {
    Family.PROMOTION: """
        discount_is_ongoing error_assigned_promo_stock error_update_admin_discount error_update_streaming_discount
        item_in_other_promotion item_in_promotion item_in_promotion_too_many item_in_promotion_too_many_whitelist
        item_not_in_promotion model_in_promotion model_in_promotion_too_many model_not_in_promotion
        error_cannot_update_price_in_promotion error_cannt_be_no_variation_in_promotion
        error_cannt_change_tier_variation_in_promotion error_cannt_delete_in_promotion
        error_cannt_delete_option_in_promotion error_cannt_edit_description_in_promotion
        error_cannt_edit_estimated_days_in_promotion error_cannt_edit_image_in_promotion
        error_cannt_edit_name_in_promotion error_cannt_edit_pre_order_in_promotion
        error_cannt_edit_price_in_promotion error_cannt_edit_stock_in_promotion error_cannt_init_tier_in_promotion
        error_cannt_unlisted_in_promotion error_flash_sale_days_to_ship_lock error_in_item_promotion_delete_lock
        error_in_item_promotion_description_lock error_in_item_promotion_image_item_lock
        error_in_item_promotion_item_price_lock error_in_item_promotion_name_item_lock
        error_in_item_promotion_nomodel_to_models error_in_item_promotion_remove_model
        error_in_item_promotion_unlsit_lock error_in_item_promotion_unlist_lock error_in_model_promotion_delete_lock
        error_item_in_promotion error_model_remove_model_in_promotion error_model_update_name_model_in_promotion
        error_model_update_status_model_in_promotion error_model_update_stock_model_in_promotion
        error_promotion_cantnot_update_stock error_related_product_in_promotion error_slash_price_item_delete_lock
        error_slash_price_models_diff error_slash_price_models_to_nomodel_lock error_slash_price_nomodel_to_models_lock
        error_slash_price_not_lowest error_unlist_in_promotion voucher_item_blocked_from_promotion_error
    """,
    Family.HOLIDAY: """
        error_holiday_mode error_holiday_mode_change_stock error_holiday_on_add_item error_holiday_on_del_item
        10002 10011
    """,
    Family.LIMIT: """
        discount_period_too_long discount_period_too_short exceed_discount_item_batch_size exceed_max_discount_count
        item_exceed_discount_limit item_purchase_limit_error ongoing_discount_period_too_long error_stock_less_than_mpq
        error_item_not_enough_stock promotion_price_for_vn promotion_price_higher_input_price promotion_price_too_low
        promotoin_price_too_high promotion_price_too_high fail_model_price_check get_model_orgin_price_error
        error_category_path_count_limit error_desc_hash_tag_over_limit error_desc_length_min_limit
        error_estimated_days_limit error_invalid_days_to_ship error_category_dts error_item_name_is_too_short
        error_model_count_over_limit error_name_length_limit error_param_dts_exceeds_max_limit
        error_price_exceed_max_limitt error_price_exceed_max_limit error_price_exceed_min_limitt
        error_price_exceed_min_limit error_price_out_of_range error_query_condition_list_limit
        error_query_over_itemid_size error_query_query_limit_too_large error_reach_shop_item_limit
        error_tier_opt_too_many error_tier_opt_val_too_long error_tier_var_name_too_long error_tier_var_too_many
        error_title_exceeds_max_length error_whole_sale_min_count_incorrect error_wholesale_price_less_than_ratio_limit
        exceed_max_limit comment_length_invalid time_period_too_large voucher_item_count_limit_error
        voucher_max_discount_low_quality voucher_over_limit voucher_time_period_error voucher_min_price_error
        voucher_quantity_reduce_error fix_amount_low_qualtiy_errorr percentage_low_quality_error
        error_out_stockm error_update_time_range order_list_invalid_time
    """,
    Family.CATEGORY: """
        error_attribute_fda_error error_brand_forbidden error_busi_attribute_error error_category_is_block
        error_category_level error_check_luc_fail error_duplicated_brand error_forbidden_category error_incalid_brand
        error_incalid_category error_invalid_attribute error_invalid_attribute_value error_invalid_brand
        error_invalid_category error_invalid_category_attribute error_less_required_attribute error_less_required_brand
        error_param_category_not_support_pre_order error_wrong_attrsnapshot errorattribute errorbrand errorcategory
        error_value_id_must_equal_zero error_value_name_required error_item_under_block_categories
    """,
    Family.PROOF: """
        error_desc_image_no_pass error_image_num_min error_image_unavailable error_tier_img_not_allower
        error_tier_img_old_app error_tier_img_partial error_video_info_not_found format.unsupport image.upload.fail
        no.proof number.error proof.overdue
    """,
    Family.ELSEWHERE: """
        add_on_deal_item_under_btoc error_auth_model_is_pff error_auth_product_is_pff error_busi_cannot_edit_vsku
        error_busi_update_global_item_failed error_cnsc_shop_block_update_tier_variation
        error_wms_shop_block_upate_stock error_wms_shop_block_update_stock error_b2c_item_not_allowed
        order_cannot_split_pff voucher_btoc_item_blocked_error error_not_in_whitelist error_busi
    """,
    Family.DUPLICATE: """
        error_duplicate_modelid error_exist error_model_duplicate_name error_model_duplicate_tier_variation_index
        error_repeated_mtsku item_id_repeated model_id_repeated order_has_been_split order_split_duplicate_item
        duplicate_comment_id duplicate_request voucher_code_duplicate_error voucher_item_duplication_error
    """,
    Family.MISSING: """
        discount_item_not_exist item_id_not_exist model_id_not_exist error_item_not_found
        error_item_or_variation_not_found error_model_invalid_model_id error_nil_item_in_req error_no_buyer_offer
        error_not_found error_not_exists error_not_exist error_nil_shopid_or_itemid error_item_not_belong_shop
        error_wrong_modelid income_not_found order_not_found cmt_not_exist item_not_exist item_cmt_combine_wrong
        returnsn.illegal voucher_item_not_exist error_can_not_find_warehouse error_edit_item_price_for_item_has_model
        error_edit_item_stock_for_item_has_model item_need_model_id
    """,
    Family.PLACE: """
        error_channel_unsupport error_invalid_logistic_info error_invalid_price_for_logistic address_miss_long_lat
        compulsory_channel_rule dependent_block_rule has_item_in_bundle minimum_activation_rule
        not_allow_to_update_channel require_pickup_address error_region_can_not_blank error_region_not_valid
        voucher_display_channel_error can_not_update_combine_order order_not_ready_to_update
        update_shipping_order_no_param_change
    """,
    Family.STATE: """
        discount_is_end discount_not_ongoing error_item_abnormal item_status_abnormal item_status_invalid
        dispute.cancel.ineligible dispute.rr.not.allow returns.dispute_is_dry_run rraoc_refund_not_allowed
        return.status.illegal error_busi_cannot_delete_all_model error_busi_cannot_delete_default_model
        error_busi_cannot_delist_reviewing_or_banned_item error_busi_cannot_update_field error_busi_item_status_invalid
        error_cannot_delete_item error_expire error_item_uneditable error_negotiation_status error_ongoing_dispute
        error_return_request_type error_return_status error_set_normal_unlisted_item error_unlist_item_all_failed
        error_unlist_item_fail error_unlist_item_failed error_validation order_cannot_split order_cannot_undo_split
        order_split_failed order_split_package_missing_item order_split_wrong_item_position
        order_split_wrong_item_quantity order_unsplit_failed end_voucher_status_error voucher_item_status_error
        voucher_ongoing_param_error delete_voucher_error update_end_voucher_error error_boost_item_all_failed
        error_boost_item_failed error_busi_add_item_failed error_busi_update_item_failed error_busi_update_stock_failed
        error_update_price_fail error_message_censored voucher_item_stock_error
    """,
    Family.RIGHTS: """
        error_perm error_perm_non_admin error_permission error_shop error_shop_not_found error_get_shop_fail
        error_auth_shop_not_found error_param_shop_id_not_found error_busi_invalid_account_status
        error_busi_invalid_shop_status error_seller_under_penalty operate_voucher_permission_error order_shopid_invalid
        shopid_invalid userid_invalid invalid_shop error_account error_banned error_deleted error_disabled error_fraud
        error_invitation error_locked error_need_otp error_need_voice_otp error_password_change error_version
        error_shop_id_can_not_blank
    """,
    Family.INPUT: """
        discount_end_time_smaller_than_now discount_end_time_smaller_than_start_time
        discount_start_time_smaller_than_now end_discount_time_error extend_discount_end_time_error
        short_discount_start_time update_ongoing_discount_start_time discount_need_promotion_price error_data_check
        error_invalid_language error_invalid_price error_item_name_empty error_nil_name_new_item
        error_nil_name_new_item_model error_title_character_forbidden error_model_empty_tier_index_nonempty
        error_model_nonempty_itemtier_empty_index error_model_tier_index_bound
        error_model_tier_index_level_mismatch_var_level error_param_format error_param_item_status error_param_validate
        error_price_should_be_same_for_wholesales error_busi_price_lower_then_wholesale_price error_tier_index
        error_tier_var_is_ error_tier_var_level_not_same error_whole_sale_price_setting_incorrect
        dispute.request.param.error time_invalid voucher_code_error voucher_coin_error voucher_end_time_error
        voucher_end_time_reduce_error voucher_start_time_error
    """,
}

LATER = """
    error error_server error_network error_system_busy error_inner error_data err_data error_timeout error_connection
    error_core_server error_third_party_server error_slash_price_load error_exception decoded_failed_error
    error_get_boosted_item_info_failed error_get_parnter_token_failed error_marshal get_item_error_server
    income_error_server internal_error_server order_error_server return_info_error_server get_cmt_failed
    get_token_failed order_split_get_package_info_failed logistics_error
"""
"""What the platform could not do now: a read is tried again, a write is of unknown fate."""

_PARCELS: dict[ParcelRefusal, Family] = {
    ParcelRefusal.NOT_READY: Family.STATE,
    ParcelRefusal.CANCELLED: Family.STATE,
    ParcelRefusal.SLOT_GONE: Family.STATE,
    ParcelRefusal.CHOICE_INCOMPLETE: Family.INPUT,
    ParcelRefusal.CHOICE_REFUSED: Family.PLACE,
    ParcelRefusal.NUMBER_REFUSED: Family.INPUT,
    ParcelRefusal.INVOICE_MISSING: Family.INPUT,
    ParcelRefusal.TOO_LARGE: Family.LIMIT,
    ParcelRefusal.NOT_FOUND: Family.MISSING,
    ParcelRefusal.NOT_PRINTABLE: Family.STATE,
    ParcelRefusal.LABEL_FAILED: Family.STATE,
    ParcelRefusal.SHOP_RESTRICTED: Family.RIGHTS,
    ParcelRefusal.OTHER: Family.OTHER,
}
_ORDERS: dict[OrderRefusal, Family] = {
    OrderRefusal.TOO_LATE: Family.STATE,
    OrderRefusal.NOT_ASKED: Family.STATE,
    OrderRefusal.NOT_FOUND: Family.MISSING,
    OrderRefusal.TOO_OLD: Family.STATE,
    OrderRefusal.SHOP_RESTRICTED: Family.RIGHTS,
}

FAMILIES: dict[str, Family] = (
    {plain(name): _PARCELS[why] for name, why in parcel_errors.BY_NAME.items()}
    | {plain(name): _ORDERS[why] for name, why in order_errors.BY_NAME.items()}
    | {name: family for family, names in _BY_FAMILY.items() for name in names.split()}
)
"""The family of each name. One that says nothing by itself (`error_param`, `error_auth`) is `OTHER`."""
FAMILIES |= dict.fromkeys(
    ("error_param", "error.param", "error_auth", "error_other", "error_unknown", "error_config"), Family.OTHER
)
