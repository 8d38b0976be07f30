"""What Shopee's error names and texts about parcels and labels mean, as tables. Names stand without their module."""

from adapters.kit.names import plain, tail
from adapters.kit.refusals import ParcelRefusal as Why

ALREADY_ARRANGED = "package_already_shipped"
"""Said of a parcel that is arranged: what was wanted is so."""

DOWNLOAD_LATER = "download_later"
NOT_ORDERED = frozenset({"shipping_document_should_print_first"})
NOT_TOGETHER = "packages_can_not_download_together"
ALL_FAILED = "batch_api_all_failed"

BY_NAME: dict[str, Why] = (
    dict.fromkeys(
        (
            "ship_order_not_ready_to_ship", "logistic_order_is_locked_on_creating", "error_order_state",
            "error_state", "order_status_error", "order_prescription_unchecked", "ship_order_pff_init",
            "update_not_allowed", "business_process_error", "error_status_limit",
        ),
        Why.NOT_READY,
    )
    | dict.fromkeys(("error_status", "order_finalized", "cancel_not_allowed"), Why.CANCELLED)
    | dict.fromkeys(
        (
            "ship_order_pickup_time_invalid", "error_pickup_time", "error_cutoff_time", "missing_cdt",
            "error_missing_cdt", "error_expired", "no_available_time_slot",
        ),
        Why.SLOT_GONE,
    )
    | dict.fromkeys(
        (
            "ship_order_need_address_pickup_time", "ship_order_need_branch_id",
            "ship_order_need_sender_real_name", "ship_order_need_tracking_number",
            "ship_order_need_pacakge_number", "ship_order_need_package_number",
            "ship_order_not_need_pacakge_number", "ship_order_not_need_package_number",
            "ship_order_only_support_one_type", "ship_order_long_sender_real_name", "ship_order_invalid_job_param",
            "package_number_not_exist", "block_buyer_name",
        ),
        Why.CHOICE_INCOMPLETE,
    )
    | dict.fromkeys(
        (
            "ship_order_unsupport_dropoff", "ship_order_unsupport_non_integrated", "ship_order_unsupport_pickup",
            "address_not_found", "ADDRESS_NOT_SUPPORT", "address_not_supported", "error_address",
            "error_no_pickup", "error_no_pickup_address", "error_logistics_shop_require_pickup_address",
            "error_sender_address", "error_set_seller_address", "error_store_not_found",
            "error_unsupported_address", "error_zipcode_not_found", "pickup_whitelist_not_supported",
            "pickup_address_unsupported", "order_has_no_seller_address", "seller_address_not_support_cod",
            "default_warehouse_not_set", "error_failed_get_nearest_whs_idn", "no buyer_store",
            "RcvStoreId not found", "error_unsupported", "feature_not_supported", "error_invalid_channel_id",
            "error_channel_exist", "error_phone", "buyer_address_not_found", "error_buyer_addressid",
            "invalid_address_version", "no_supported_dropoff_branch", "no_supported_pickup_address",
            "no_valid_shipping_parameters", "warehouse_stock_insufficient",
            "error_update_logistic_unsupported", "remove_ofg_from_group_failed", "shop_not_support_wms",
        ),
        Why.CHOICE_REFUSED,
    )
    | dict.fromkeys(
        (
            "ship_order_long_tracking_number", "tracking_number_invalid", "error_traceno_required",
            "error_duplicate_consignment", "error_duplicated_consignment", "error_consignment",
            "error_consignment_no_accepted", "error_return_tracking_num_not_found",
            "error_seller_never_apply_tracking_no_before",
        ),
        Why.NUMBER_REFUSED,
    )
    | dict.fromkeys(("lack_of_invoice_data",), Why.INVOICE_MISSING)
    | dict.fromkeys(
        (
            "invalid_size", "max dimension is limited", "parcel_amount_over_limit", "error_set_asf_by_weight",
            "price_error", "quantity_error", "error_decimal", "category_prohibited", "no_proportion",
            "sls calculate fail",
        ),
        Why.TOO_LARGE,
    )
    | dict.fromkeys(
        (
            "package_not_exist", "package_number_not_found", "order_not_exist", "not_found", "order not found",
            "error_order_not_found", "error_not_exist", "error_not_found", "error_item_not_found",
            "error_logistic_txn_not_found", "invalid_error",
        ),
        Why.NOT_FOUND,
    )
    | dict.fromkeys(
        (
            "package_can_not_print", "can_not_print_combine_order", "can_not_print_jit_order",
            "error_booking_order", "shipping_document_type_invalid", NOT_TOGETHER, DOWNLOAD_LATER, *NOT_ORDERED,
        ),
        Why.NOT_PRINTABLE,
    )
    | dict.fromkeys(("package_print_failed", "unknown_error"), Why.LABEL_FAILED)
    | dict.fromkeys(("shop_not_found", "invalid_shop", "error_permission", "error_shop"), Why.SHOP_RESTRICTED)
    | dict.fromkeys(
        (
            "business_validation_error", "error_cannot_cancel_logistic_txn", "error_other", "error_format",
            "error_ip", "error_loginfo", "error_message_type", "error_method", "error_operation_failed",
            "error_order_context", "error_token", "error_unknown", "error_update", "item_is_in_bundle",
            "error_config", ALL_FAILED, ALREADY_ARRANGED,
        ),
        Why.OTHER,
    )
)  # fmt: skip

TEXTS: tuple[tuple[str, Why], ...] = (
    ("being allocated", Why.NOT_READY),
    ("not ready", Why.NOT_READY),
    ("ready to be shipped", Why.NOT_READY),
    ("under review", Why.NOT_READY),
    ("cancel", Why.CANCELLED),
    ("pick up time", Why.SLOT_GONE),
    ("pickup time", Why.SLOT_GONE),
    ("time slot", Why.SLOT_GONE),
    ("invoice", Why.INVOICE_MISSING),
    ("not exist", Why.NOT_FOUND),
    ("not found", Why.NOT_FOUND),
    ("tracking number", Why.NUMBER_REFUSED),
    ("channel", Why.CHOICE_REFUSED),
    ("address", Why.CHOICE_REFUSED),
    ("branch", Why.CHOICE_REFUSED),
    ("can not print", Why.NOT_PRINTABLE),
)
"""A package that fails in a call for many has no name, only a text; so has `error_param`. First match wins."""

_ALREADY_SAID = "already been arranged"
_PLAIN = {plain(name): why for name, why in BY_NAME.items()}


def parcel_refusal(name: str | None, text: str | None = "") -> Why:
    """Return why a parcel was refused, by the error's name or, where that says nothing, its text."""
    why = _PLAIN.get(tail(name), Why.OTHER)
    if why is not Why.OTHER:
        return why
    said = (text or "").lower()
    return next((each for part, each in TEXTS if part in said), Why.OTHER)


def is_arranged_already(name: str | None, text: str | None = "") -> bool:
    return tail(name) == ALREADY_ARRANGED or _ALREADY_SAID in (text or "").lower()
